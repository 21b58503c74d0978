/* SPDX-License-Identifier: BSD-3-Clause */
/* Script, gnuplot, cleaning, and the bundle of forms. */
/* _GNU_SOURCE: memmem. */
#define _GNU_SOURCE
#include "plot/plotter.h"

#include "plot/alt.h"
#include "plot/embed.h"
#include "plot/facets.h"
#include "plot/pdf.h"
#include "plot/script.h"
#include "plot/svg.h"

#include <stdio.h>
#include <string.h>

struct dw_plotter {
    dw_mem *mem;
    dw_gnuplot *gnuplot;
    uint64_t drawn; /* figures so far: two equal ones on a page need different ids */
};

dw_plotter *dw_plotter_new(dw_mem *mem, const dw_gnuplot_options *options, dw_err *err) {
    dw_plotter *plotter = dw_mem_new(mem, sizeof *plotter);
    if (plotter == NULL) {
        dw_err_memory(err, "the plotting program");
        return NULL;
    }
    plotter->mem = mem;
    plotter->gnuplot = dw_gnuplot_new(mem, options, err);
    if (plotter->gnuplot == NULL) {
        dw_mem_free(plotter);
        return NULL;
    }
    return plotter;
}

void dw_plotter_free(dw_plotter *plotter) {
    if (plotter == NULL)
        return;
    dw_gnuplot_free(plotter->gnuplot);
    dw_mem_free(plotter);
}

dw_gnuplot *dw_plotter_gnuplot(dw_plotter *plotter) {
    return plotter->gnuplot;
}

/* FNV-1a: Fowler, Noll, Vo. */
static uint64_t hash(uint64_t h, const void *bytes, size_t size) {
    const unsigned char *b = bytes;
    for (size_t i = 0; i < size; i++)
        h = (h ^ b[i]) * 0x100000001b3u;
    return h;
}

/* Hands a buffer over to the picture as one of its forms. */
static bool take_form(dw_picture *picture, dw_buf *from, char **into, const char *mime,
                      dw_err *err) {
    size_t size = 0;
    *into = dw_buf_take(from, &size);
    if (*into == NULL)
        return dw_err_memory(err, "a picture");
    picture->parts[picture->bundle.count++] = (dw_part){mime, *into, size};
    return true;
}

/* What is made on the way. */
typedef struct {
    dw_buf script, svg, html, alt;
    dw_gnuplot_answer raw;
    bool with_pdf;
    bool with_html;
    bool frame;              /* of a film: no number of its own */
    const dw_cancel *cancel; /* or NULL */
} job;

/* Cleans what gnuplot wrote. */
static bool finish(const dw_figure *figure, uint64_t id, job *b, dw_picture *picture, dw_err *err) {
    char prefix[24];
    snprintf(prefix, sizeof prefix, "f%016llx", (unsigned long long)id);
    prefix[11] = '\0';
    dw_svg_head head = {prefix, figure->title, picture->alt, picture->width, picture->height};
    const char *raw = b->raw.first.data == NULL ? "" : b->raw.first.data;
    if (!dw_svg_clean(raw, b->raw.first.size, &head, &b->svg, err))
        return false;
    dw_facets_join(&b->svg);
    dw_buf *pdf = &b->raw.second;
    return pdf->size == 0 || dw_pdf_settle(pdf->data, pdf->size) ||
           dw_err_set(err, DW_ERR_PLOT,
                      "gnuplot answered without a whole PDF. Look at it with: gnuplot --version");
}

static bool draw(dw_plotter *plotter, const dw_figure *figure, job *b, dw_picture *out,
                 dw_err *err) {
    dw_alt_write(figure, b->cancel, &b->alt);
    if (b->alt.failed)
        return dw_err_memory(err, "a picture");
    if (!dw_script_write(figure, (dw_script_way){b->with_pdf, b->cancel}, &b->script, &out->width,
                         &out->height, err) ||
        !dw_gnuplot_run(plotter->gnuplot, b->script.data, b->script.size, b->cancel, &b->raw, err))
        return false;
    uint64_t number = b->frame ? 0 : ++plotter->drawn;
    uint64_t id = b->frame ? 0
                           : hash(hash(0xcbf29ce484222325u, b->script.data, b->script.size),
                                  &number, sizeof number);
    out->alt = b->alt.data;
    bool ok = finish(figure, id, b, out, err);
    out->alt = NULL;
    if (!ok)
        return false;
    const dw_embed embed = {b->svg.data, b->svg.size, b->alt.data, out->width, out->height};
    if (b->with_html)
        dw_embed_image(&b->html, &embed);
    return (!b->with_html || take_form(out, &b->html, &out->html, "text/html", err)) &&
           take_form(out, &b->svg, &out->svg, "image/svg+xml", err) &&
           (b->raw.second.size == 0 ||
            take_form(out, &b->raw.second, &out->pdf, "application/pdf", err)) &&
           take_form(out, &b->alt, &out->alt, "text/plain", err);
}

static bool run(dw_plotter *plotter, const dw_figure *figure, job *b, dw_picture *out,
                dw_err *err) {
    dw_buf *const all[] = {&b->script,   &b->svg,       &b->html,      &b->alt,
                           &b->raw.said, &b->raw.first, &b->raw.second};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        dw_buf_init(all[i], plotter->mem);
    bool ok = draw(plotter, figure, b, out, err);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        dw_buf_free(all[i]);
    if (!ok) {
        dw_plotter_drop(out);
        return false;
    }
    out->bundle.parts = out->parts;
    out->bundle.alt = out->alt;
    out->bundle.width = out->width;
    out->bundle.height = out->height;
    return true;
}

bool dw_plotter_draw(dw_plotter *plotter, const dw_figure *figure, bool pdf,
                     const dw_cancel *cancel, dw_picture *out, dw_err *err) {
    job b = {.with_pdf = pdf, .with_html = true, .cancel = cancel};
    return run(plotter, figure, &b, out, err);
}

bool dw_plotter_frame(dw_plotter *plotter, const dw_figure *figure, bool page,
                      const dw_cancel *cancel, dw_picture *out, dw_err *err) {
    job b = {.with_html = page, .frame = true, .cancel = cancel};
    return run(plotter, figure, &b, out, err);
}

void dw_plotter_drop(dw_picture *picture) {
    dw_mem_free(picture->html);
    dw_mem_free(picture->svg);
    dw_mem_free(picture->pdf);
    dw_mem_free(picture->alt);
    memset(picture, 0, sizeof *picture);
}
