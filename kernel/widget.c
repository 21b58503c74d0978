/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of models, after ipywidgets' packages/schema/jupyterwidgetmodels.latest.md (8) and the
 * models of 7.8. */
#include "widget.h"

#include <stdbool.h>
#include <string.h>

typedef struct row {
    const char *name, *view; /* before Model and View */
    bool is_base;            /* in @jupyter-widgets/base, otherwise in …/controls */
    jk_widget_kind style[2]; /* by generation */
    const char *both, *only[2];
} row;

#define NO_STYLE \
    { JK_WIDGET_KINDS, JK_WIDGET_KINDS }
#define STYLE "\"description_width\":\"\""
#define BOX "\"_dom_classes\":[],\"layout\":null"
#define CONTROL BOX ",\"style\":null,\"description\":\"\""
#define ACTIVE CONTROL ",\"disabled\":false"
#define CONTROL_7 "\"description_tooltip\":null"
#define BOX_8 "\"tabbable\":null,\"tooltip\":null"
#define CONTROL_8 BOX_8 ",\"description_allow_html\":false"
#define SLIDER ACTIVE ",\"orientation\":\"horizontal\",\"readout\":true,\"continuous_update\":true"
#define NUMBERS SLIDER ",\"value\":0,\"min\":0,\"max\":100"
#define SLIDER_8 CONTROL_8 ",\"behavior\":\"drag-tap\""
#define CHOICE ACTIVE ",\"_options_labels\":[],\"index\":0"

static const char layout[] =
    "{\"align_content\":null,\"align_items\":null,\"align_self\":null,\"bottom\":null,"
    "\"display\":null,\"flex\":null,\"flex_flow\":null,\"grid_area\":null,"
    "\"grid_auto_columns\":null,\"grid_auto_flow\":null,\"grid_auto_rows\":null,"
    "\"grid_column\":null,\"grid_gap\":null,\"grid_row\":null,\"grid_template_areas\":null,"
    "\"grid_template_columns\":null,\"grid_template_rows\":null,\"height\":null,"
    "\"justify_content\":null,\"justify_items\":null,\"left\":null,\"margin\":null,"
    "\"max_height\":null,\"max_width\":null,\"min_height\":null,\"min_width\":null,"
    "\"object_fit\":null,\"object_position\":null,\"order\":null,\"overflow\":null,"
    "\"padding\":null,\"right\":null,\"top\":null,\"visibility\":null,\"width\":null}";

static const row rows[JK_WIDGET_KINDS] = {
    [JK_WIDGET_LAYOUT] = {"Layout",
                          "Layout",
                          true,
                          NO_STYLE,
                          layout,
                          {"{\"border\":null,\"overflow_x\":null,\"overflow_y\":null}",
                           "{\"border_bottom\":null,\"border_left\":null,\"border_right\":null,"
                           "\"border_top\":null}"}},
    [JK_WIDGET_DESCRIPTION_STYLE] =
        {"DescriptionStyle", "Style", true, NO_STYLE, "{" STYLE "}", {"{}", "{}"}},
    [JK_WIDGET_SLIDER_STYLE] =
        {"SliderStyle", "Style", true, NO_STYLE, "{" STYLE ",\"handle_color\":null}", {"{}", "{}"}},
    [JK_WIDGET_CHECKBOX_STYLE] =
        {"CheckboxStyle", "Style", true, NO_STYLE, "{" STYLE ",\"background\":null}", {"{}", "{}"}},
    [JK_WIDGET_HTML_STYLE] = {"HTMLStyle",
                              "Style",
                              true,
                              NO_STYLE,
                              "{" STYLE ",\"background\":null,\"font_size\":null,"
                              "\"text_color\":null}",
                              {"{}", "{}"}},
    [JK_WIDGET_BUTTON_STYLE] = {"ButtonStyle",
                                "Style",
                                true,
                                NO_STYLE,
                                "{\"button_color\":null}",
                                {"{\"font_weight\":\"\"}",
                                 "{\"font_family\":null,\"font_size\":null,\"font_style\":null,"
                                 "\"font_variant\":null,\"font_weight\":null,\"text_color\":null,"
                                 "\"text_decoration\":null}"}},
    [JK_WIDGET_FLOAT_SLIDER] = {"FloatSlider",
                                "FloatSlider",
                                false,
                                {JK_WIDGET_SLIDER_STYLE, JK_WIDGET_SLIDER_STYLE},
                                "{" NUMBERS ",\"step\":0.1,\"readout_format\":\".2f\"}",
                                {"{" CONTROL_7 "}", "{" SLIDER_8 "}"}},
    [JK_WIDGET_INT_SLIDER] = {"IntSlider",
                              "IntSlider",
                              false,
                              {JK_WIDGET_SLIDER_STYLE, JK_WIDGET_SLIDER_STYLE},
                              "{" NUMBERS ",\"step\":1,\"readout_format\":\"d\"}",
                              {"{" CONTROL_7 "}", "{" SLIDER_8 "}"}},
    [JK_WIDGET_SELECTION_SLIDER] = {"SelectionSlider",
                                    "SelectionSlider",
                                    false,
                                    {JK_WIDGET_DESCRIPTION_STYLE, JK_WIDGET_SLIDER_STYLE},
                                    "{" SLIDER ",\"_options_labels\":[],\"index\":0}",
                                    {"{" CONTROL_7 "}", "{" SLIDER_8 "}"}},
    [JK_WIDGET_DROPDOWN] = {"Dropdown",
                            "Dropdown",
                            false,
                            {JK_WIDGET_DESCRIPTION_STYLE, JK_WIDGET_DESCRIPTION_STYLE},
                            "{" CHOICE "}",
                            {"{" CONTROL_7 "}", "{" CONTROL_8 "}"}},
    [JK_WIDGET_CHECKBOX] = {"Checkbox",
                            "Checkbox",
                            false,
                            {JK_WIDGET_DESCRIPTION_STYLE, JK_WIDGET_CHECKBOX_STYLE},
                            "{" ACTIVE ",\"value\":false,\"indent\":true}",
                            {"{" CONTROL_7 "}", "{" CONTROL_8 "}"}},
    [JK_WIDGET_PLAY] = {"Play",
                        "Play",
                        false,
                        {JK_WIDGET_DESCRIPTION_STYLE, JK_WIDGET_DESCRIPTION_STYLE},
                        "{" ACTIVE ",\"value\":0,\"min\":0,\"max\":100,\"step\":1,"
                        "\"interval\":100,\"show_repeat\":true}",
                        {"{" CONTROL_7 ",\"_playing\":false,\"_repeat\":false}",
                         "{" CONTROL_8 ",\"playing\":false,\"repeat\":false}"}},
    [JK_WIDGET_BUTTON] = {"Button",
                          "Button",
                          false,
                          {JK_WIDGET_BUTTON_STYLE, JK_WIDGET_BUTTON_STYLE},
                          "{" ACTIVE ",\"icon\":\"\",\"button_style\":\"\"}",
                          {"{\"tooltip\":\"\"}", "{" BOX_8 "}"}},
    [JK_WIDGET_HTML] = {"HTML",
                        "HTML",
                        false,
                        {JK_WIDGET_DESCRIPTION_STYLE, JK_WIDGET_HTML_STYLE},
                        "{" CONTROL ",\"value\":\"\",\"placeholder\":\"\\u200b\"}",
                        {"{" CONTROL_7 "}", "{" CONTROL_8 "}"}},
    [JK_WIDGET_HBOX] = {"HBox",
                        "HBox",
                        false,
                        NO_STYLE,
                        "{" BOX ",\"children\":[],\"box_style\":\"\"}",
                        {"{}", "{" BOX_8 "}"}},
    [JK_WIDGET_VBOX] = {"VBox",
                        "VBox",
                        false,
                        NO_STYLE,
                        "{" BOX ",\"children\":[],\"box_style\":\"\"}",
                        {"{}", "{" BOX_8 "}"}},
};

static const char *const base_version[] = {"1.2.0", "2.0.0"};
static const char *const controls_version[] = {"1.5.0", "2.0.0"};

jk_widget_generation jk_widget_generation_of(const char *setting) {
    return setting && strcmp(setting, "7") == 0 ? JK_WIDGET_7 : JK_WIDGET_8;
}

jk_widget_kind jk_widget_style(jk_widget_kind kind, jk_widget_generation generation) {
    return rows[kind].style[generation];
}

/* Layouts and styles are base views; styles are models of the controls all the same. */
static bool name_model(json_t *state, const row *r, jk_widget_generation generation) {
    bool is_base = strcmp(r->name, "Layout") == 0;
    const char *base = "@jupyter-widgets/base", *controls = "@jupyter-widgets/controls";
    json_t *names = json_pack("{s:s,s:s,s:s+,s:s,s:s,s:s+,s:n}", "_model_module",
                              is_base ? base : controls, "_model_module_version",
                              is_base ? base_version[generation] : controls_version[generation],
                              "_model_name", r->name, "Model", "_view_module",
                              r->is_base ? base : controls, "_view_module_version",
                              r->is_base ? base_version[generation] : controls_version[generation],
                              "_view_name", r->view, "View", "_view_count");
    bool ok = names && json_object_update(state, names) == 0;
    json_decref(names);
    return ok;
}

json_t *jk_widget_state(jk_widget_kind kind, jk_widget_generation generation) {
    const row *r = &rows[kind];
    json_t *state = json_loads(r->both, 0, NULL);
    json_t *more = json_loads(r->only[generation], 0, NULL);
    bool ok =
        state && more && json_object_update(state, more) == 0 && name_model(state, r, generation);
    json_decref(more);
    if (!ok) {
        json_decref(state);
        return NULL;
    }
    return state;
}
