/* SPDX-License-Identifier: BSD-3-Clause */
/* The models of ipywidgets that sliders are made of, for two generations of it: which one a front
 * end has cannot be asked, and a model of the other does not load there. */
#ifndef JK_WIDGET_H
#define JK_WIDGET_H

#include <jansson.h>

#define JK_WIDGET_VIEW "application/vnd.jupyter.widget-view+json"

typedef enum jk_widget_kind {
    JK_WIDGET_LAYOUT,
    JK_WIDGET_DESCRIPTION_STYLE,
    JK_WIDGET_SLIDER_STYLE,
    JK_WIDGET_CHECKBOX_STYLE,
    JK_WIDGET_HTML_STYLE,
    JK_WIDGET_BUTTON_STYLE,
    JK_WIDGET_FLOAT_SLIDER,
    JK_WIDGET_INT_SLIDER,
    JK_WIDGET_SELECTION_SLIDER,
    JK_WIDGET_DROPDOWN,
    JK_WIDGET_CHECKBOX,
    JK_WIDGET_PLAY,
    JK_WIDGET_BUTTON,
    JK_WIDGET_HTML,
    JK_WIDGET_HBOX,
    JK_WIDGET_VBOX,
    JK_WIDGET_KINDS
} jk_widget_kind;

typedef enum jk_widget_generation {
    JK_WIDGET_7, /* ipywidgets 7: base 1.2.0, controls 1.5.0 */
    JK_WIDGET_8  /* ipywidgets 8: base and controls 2.0.0 */
} jk_widget_generation;

/* The generation that a setting ("7", "8" or NULL) asks for; 8 when it says nothing else. */
jk_widget_generation jk_widget_generation_of(const char *setting);

/* The whole state of a new model: its names, versions and every attribute at its default; `layout`
 * and `style` are null. NULL: out of memory. */
json_t *jk_widget_state(jk_widget_kind kind, jk_widget_generation generation);

/* The kind of style a control takes; JK_WIDGET_KINDS: it has none. */
jk_widget_kind jk_widget_style(jk_widget_kind kind, jk_widget_generation generation);

#endif
