/* SPDX-License-Identifier: BSD-3-Clause */
/* Characters and signs that are no part of the language: what people mean by them, and how it is
 * written here. One table for signs of other languages, one for characters. */
#include "syntax/lex.h"

#include "base/text.h"
#include <string.h>

/* Longer signs stand before their beginnings. */
static const struct {
    const char *sign, *text;
} foreign[] = {
    {"===", "write == to compare"},
    {"!==", "write != for unequal"},
    {"...", "write .. for a range, as in 1..10"},
    {"+=", "there is no +=: write the name again, as in x = x + 1"},
    {"-=", "there is no -=: write the name again, as in x = x - 1"},
    {"*=", "there is no *=: write the name again, as in x = x*2"},
    {"/=", "there is no /=: write the name again, as in x = x/2; unequal is !="},
    {"^=", "there is no ^=: write the name again, as in x = x^2"},
    {":=", "write = to give a name a value"},
    {"=<", "write <= for less or equal"},
    {"<>", "write != for unequal"},
    {"**", "write ^ for a power, as in x^2"},
    {"//", "write floor(a/b) for whole division; a comment begins with #"},
    {"/*", "a comment begins with # and ends with the line"},
    {"&&", "write and between two conditions"},
    {"||", "write or between two conditions"},
    {"<<", "there is no <<: give the name a value with ="},
    {">>", "there is no >>: print(…) shows a value"},
    {"|>", "there is no |>: write f(x), or f → g to put functions one after the other"},
    {"::", "there is no ::: values need no types"},
    {".^", "write ^: it works element by element already"},
    {"./", "write /: it works element by element already"},
    {".'", "write ' for the transpose"},
    {".+", "write +: it works element by element already"},
    {".-", "write -: it works element by element already"},
    {"&", "write and between two conditions"},
    {"|", "write abs(x) for the size of a number, norm(x) of a column; "
          "write or between two conditions"},
    {"!", "write not for the opposite, != for unequal, product(1..n) for n!"},
    {"%", "write mod(a, b) for the remainder; a comment begins with #"},
    {"\\", "there is no backslash here: \\lambda becomes λ with the Tab key; solve(A, b) is A\\b"},
    {"{", "there are no braces: [ ] makes lists, ( ) groups, and blocks end with end"},
    {"@", "write * for the product of two arrays, x ↦ x^2 for a function without a name"},
    {"$", "there is no $: a name stands alone, and in a text in braces, as in \"λ = {λ}\""},
    {"`", "texts stand in double quotes, as in \"text\""},
    {"~", "write not for the opposite, ~= or ≈ for about equal"},
};

static const struct {
    uint32_t code;
    const char *text;
} characters[] = {
    {0x2013, "this is a dash: write - for minus"},
    {0x2014, "this is a dash: write - for minus"},
    {0x2010, "this is a hyphen of another kind: write - for minus"},
    {0x2011, "this is a hyphen of another kind: write - for minus"},
    {0x2018, "texts stand in double quotes, as in \"text\""},
    {0x2019, "texts stand in double quotes, as in \"text\"; the transpose is '"},
    {0xAB, "texts stand in double quotes, as in \"text\""},
    {0xBB, "texts stand in double quotes, as in \"text\""},
    {0x2032, "write ' for the derivative or the transpose"},
    {0xB4, "write ' for the derivative or the transpose"},
    {0x221A, "there is no √: write sqrt(x)"},
    {0x221B, "there is no ∛: write x^(1/3)"},
    {0x2211, "there is no ∑: write sum(x^2 for x in 1..3)"},
    {0x220F, "there is no ∏: write product(x for x in 1..3)"},
    {0x222B, "there is no ∫: write integral(f, 0..1)"},
    {0x2202, "there is no ∂: write f' for the derivative, ∇f for the gradient"},
    {0x2206, "this is an increment sign: write the Greek letter Δ or a name"},
    {0x2026, "write .. for a range, as in 1..10"},
    {0x2025, "write .. for a range, as in 1..10"},
    {0xF7, "write / for a quotient"},
    {0x2215, "write / for a quotient"},
    {0x2044, "write / for a quotient"},
    {0xBD, "write 1/2"},
    {0xBC, "write 1/4"},
    {0xBE, "write 3/4"},
    {0xB0, "there is no °: write the angle in radians, as in 90*π/180"},
    {0xAC, "write not for the opposite"},
    {0x2227, "write and between two conditions"},
    {0x2228, "write or between two conditions"},
    {0x21D2, "write ↦ or => for a function without a name, → or -> for a net"},
    {0x2190, "write = to give a name a value"},
    {0x2254, "write = to give a name a value"},
    {0x2261, "write == to compare"},
    {0x2245, "write ≈ or ~= for about equal"},
    {0x223C, "write ≈ or ~= for about equal"},
    {0x2243, "write ≈ or ~= for about equal"},
    {0x2209, "write not (x in p)"},
    {0x2016, "write norm(x) for the length of a column"},
    {0x2225, "write norm(x) for the length of a column"},
    {0x2218, "write f → g to put functions one after the other"},
    {0x2299, "write .* for element by element"},
    {0x207F, "a raised letter is no power here: write x^n"},
    {0x2071, "a raised letter is no power here: write x^i"},
    {0x3002, "write . for a point"},
    {0x3001, "write , between values"},
    {0x20AC, "there is no € in a formula: write the amount alone"},
};

/* Marks nobody can see, which come with pasted text. */
static const char *invisible(uint32_t code) {
    switch (code) {
    case 0xAD:
        return "soft hyphen";
    case 0x200B:
        return "zero-width space";
    case 0x200C:
    case 0x200D:
        return "zero-width joiner";
    case 0x2060:
    case 0xFEFF:
        return "word joiner";
    case 0x85:
    case 0x2028:
    case 0x2029:
        return "line separator";
    default:
        break;
    }
    if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return "control character";
    bool direction = (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
                     (code >= 0x2066 && code <= 0x2069);
    if (direction)
        return "writing direction mark";
    return code >= 0xFE00 && code <= 0xFE0F ? "variant mark" : NULL;
}

void dw_lex_sign_refuse(dw_lex *lex, uint32_t code, size_t length) {
    dw_span span = {lex->at, lex->at + (uint32_t)length};
    const char *shown = lex->source + lex->at;
    const char *unseen = invisible(code);
    if (unseen != NULL) {
        dw_lex_fail(lex, span, "an invisible character (%s, U+%04X) stands here: delete it", unseen,
                    (unsigned)code);
        return;
    }
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        if (characters[i].code == code) {
            dw_lex_fail(lex, span, "%s", characters[i].text);
            return;
        }
    if (code >= 0xFF01 && code <= 0xFF5E)
        dw_lex_fail(lex, span, "%.*s is a wide character: write %c", (int)length, shown,
                    (char)(code - 0xFEE0));
    else if (code >= 0x2080 && code <= 0x208E)
        dw_lex_fail(lex, span, "a lowered digit goes on a name, as in x₁: write a name before it");
    else if (dw_text_is_name_part(code) && !dw_text_is_letter(code))
        dw_lex_fail(lex, span,
                    "%.*s cannot begin a name: write digits as 0 to 9, names with a "
                    "letter first",
                    (int)length, shown);
    else
        dw_lex_fail(lex, span,
                    "%.*s means nothing here: delete it, or put it in a text, as in "
                    "\"%.*s\"",
                    (int)length, shown, (int)length, shown);
}

/* %time and %%html: commands of other kernels, at the begin of a line. */
static bool is_magic(const dw_lex *lex) {
    uint32_t at = lex->at;
    while (at > 0 && (lex->source[at - 1] == ' ' || lex->source[at - 1] == '\t'))
        at--;
    bool begin = at == 0 || lex->source[at - 1] == '\n' || lex->source[at - 1] == '\r';
    return begin && lex->source[lex->at] == '%';
}

/* The signs of the language that begin like a foreign one. */
static bool is_ours(const char *s, size_t left) {
    return left >= 2 && ((s[0] == '!' && s[1] == '=' && !(left >= 3 && s[2] == '=')) ||
                         (s[0] == '~' && s[1] == '='));
}

bool dw_lex_sign_foreign(dw_lex *lex) {
    const char *s = lex->source + lex->at;
    size_t left = lex->size - lex->at;
    if (is_ours(s, left))
        return false;
    if (is_magic(lex)) {
        dw_lex_fail(
            lex, (dw_span){lex->at, lex->at + 1},
            "commands with %% belong to other kernels: delete this line; # begins a comment");
        return true;
    }
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (foreign[i].sign[0] != s[0])
            continue;
        size_t size = strlen(foreign[i].sign);
        if (size > left || memcmp(foreign[i].sign, s, size) != 0)
            continue;
        dw_lex_fail(lex, (dw_span){lex->at, lex->at + (uint32_t)size}, "%s", foreign[i].text);
        return true;
    }
    return false;
}
