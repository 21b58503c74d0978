/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of characters: ASCII by a switch on the byte, everything else by its code point. What
 * is no part of the language goes to lex_sign.c, which knows what people mean by it. */
#include "syntax/lex.h"

#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LARGEST = 1 << 30, DIGITS = 790, NAME_CODES = 256 };

static const struct {
    const char *spelling;
    int power;
} kinds[] = {
#define DW_TOKEN_SIGN(name, spelling, power, help) {spelling, power},
#define DW_TOKEN_WORD(name, spelling, power, help) {spelling, power},
#include "syntax/token.def"
#undef DW_TOKEN_SIGN
#undef DW_TOKEN_WORD
};

static const struct {
    const char *text;
    uint8_t size, kind;
} words[] = {
#define DW_TOKEN_SIGN(name, spelling, power, help)
#define DW_TOKEN_WORD(name, spelling, power, help) {spelling, sizeof spelling - 1, DW_TOKEN_##name},
#include "syntax/token.def"
#undef DW_TOKEN_SIGN
#undef DW_TOKEN_WORD
};

const char *dw_lex_spelling(dw_token_kind kind) {
    return kinds[kind].spelling;
}

int dw_lex_power(dw_token_kind kind) {
    return kinds[kind].power;
}

/* What an ASCII byte can be, so that the common cases cost one look. */
enum { LETTER = 1, DIGIT = 2, BLANK = 4, SIGN = 8, WORD_BEGIN = 16 };

static uint8_t class_of(unsigned char byte) {
#define L LETTER
#define W (LETTER | WORD_BEGIN)
#define D DIGIT
#define B BLANK
#define S SIGN
    static const uint8_t classes[128] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, B, 0, B, B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, B, S, 0, 0, 0, S, S, S, 0, 0, S, S, 0, S, S, S, D, D, D, D,
        D, D, D, D, D, D, S, 0, S, S, S, S, 0, L, L, L, L, L, L, L, L, L, L, L, L, L,
        L, L, L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, S, L, 0, W, W, W, W, W, W, L,
        L, W, L, L, L, L, W, W, L, L, W, L, W, L, L, W, L, L, L, 0, S, 0, S, 0};
#undef L
#undef W
#undef D
#undef B
#undef S
    return byte < 128 ? classes[byte] : 0;
}

dw_token_kind dw_lex_keyword(const char *bytes, size_t size) {
    if (size < 2 || size > 9 || !(class_of((unsigned char)bytes[0]) & WORD_BEGIN))
        return DW_TOKEN_NAME;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].size == size && words[i].text[0] == bytes[0] &&
            memcmp(words[i].text, bytes, size) == 0)
            return words[i].kind;
    return DW_TOKEN_NAME;
}

void dw_lex_vfail(dw_lex *lex, dw_span span, const char *format, va_list args) {
    lex->at = lex->size;
    if (lex->failed)
        return;
    lex->failed = true;
    dw_err_vset(lex->err, DW_ERR_SYNTAX, format, args);
    dw_err_place(lex->err, lex->unit, span);
}

void dw_lex_fail(dw_lex *lex, dw_span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    dw_lex_vfail(lex, span, format, args);
    va_end(args);
}

void dw_lex_begin(dw_lex *lex, const char *source, size_t size, uint32_t unit, dw_err *err) {
    *lex = (dw_lex){.source = source, .unit = unit, .err = err};
    if (size > LARGEST) {
        lex->failed = true;
        dw_err_set(err, DW_ERR_LIMIT, "this text has %zu bytes; at most %d can be read as one cell",
                   size, (int)LARGEST);
        dw_err_place(err, unit, (dw_span){0, 0});
        return;
    }
    lex->size = (uint32_t)size;
    const char *nul = size > 0 ? memchr(source, 0, size) : NULL;
    size_t valid = dw_text_valid(source, size);
    uint32_t wrong = (uint32_t)(nul != NULL ? nul - source : (ptrdiff_t)size);
    if (valid < wrong) {
        wrong = (uint32_t)valid;
        dw_lex_fail(lex, (dw_span){wrong, wrong + 1},
                    "a byte that is no character (0x%02X): save the file as UTF-8",
                    (unsigned)(unsigned char)source[wrong]);
    } else if (nul != NULL) {
        dw_lex_fail(lex, (dw_span){wrong, wrong + 1},
                    "an invisible character (NUL) stands here: delete it");
    } else if (size >= 3 && memcmp(source, "\xEF\xBB\xBF", 3) == 0) {
        lex->at = 3;
    }
}

/* Spaces that come with pasted text: no-break, thin, ideographic and their kin. */
static bool is_wide_blank(uint32_t code) {
    return code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
           code == 0x205F || code == 0x3000;
}

bool dw_lex_skip(dw_lex *lex, bool lines) {
    const char *s = lex->source;
    uint32_t at = lex->at, size = lex->size, code;
    bool line = false;
    for (; at < size; at++) {
        uint8_t class = class_of((unsigned char)s[at]);
        if (class & BLANK)
            continue;
        if (class != 0)
            break;
        if (lines && (s[at] == '\n' || s[at] == '\r')) {
            line = true;
        } else if (s[at] == '#') {
            while (at + 1 < size && s[at + 1] != '\n' && s[at + 1] != '\r')
                at++;
        } else if ((unsigned char)s[at] >= 0xC2) {
            uint32_t length = (uint32_t)dw_text_decode(s + at, size - at, &code);
            if (length == 0 || !is_wide_blank(code))
                break;
            at += length - 1;
        } else {
            break;
        }
    }
    lex->at = at;
    return line;
}

bool dw_lex_sees_gives(const dw_lex *lex) {
    dw_lex ahead = *lex;
    dw_lex_skip(&ahead, true);
    const char *next = ahead.source + ahead.at;
    uint32_t left = ahead.size - ahead.at;
    return left > 0 && next[0] == '=' && (left == 1 || (next[1] != '=' && next[1] != '>'));
}

/* Folding of characters that look alike or are the same letter under two numbers. */
static uint32_t fold(uint32_t code) {
    if (code >= 0x2080 && code <= 0x2089)
        return code - 0x2080 + '0';
    return code == 0xB5 ? 0x3BC : code == 0x3F5 ? 0x3B5 : code == 0x3D5 ? 0x3C6 : code;
}

void dw_lex_name(const char *bytes, size_t size, dw_buf *out) {
    if (size == 3 && memcmp(bytes, "∞", 3) == 0) {
        dw_buf_text(out, "inf");
        return;
    }
    utf8proc_int32_t codes[NAME_CODES];
    utf8proc_ssize_t count = 0;
    uint32_t code;
    size_t at = 0;
    for (size_t length; at < size && count < NAME_CODES - 8; at += length) {
        length = dw_text_decode(bytes + at, size - at, &code);
        if (length == 0)
            break;
        int last_class = 0;
        utf8proc_ssize_t n =
            utf8proc_decompose_char((utf8proc_int32_t)fold(code), codes + count, NAME_CODES - count,
                                    UTF8PROC_DECOMPOSE, &last_class);
        count += n > 0 && n <= NAME_CODES - count ? n : 0;
    }
    count = utf8proc_normalize_utf32(codes, count,
                                     (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        char one[4];
        dw_buf_add(out, one, dw_text_encode((uint32_t)codes[i], one));
    }
    dw_buf_add(out, bytes + at, size - at);
}

/* Moves behind the letters, marks and digits that go on a name at `at`; reports any non-ASCII. */
static uint32_t name_end(const dw_lex *lex, uint32_t at, bool *folded) {
    uint32_t code;
    while (at < lex->size) {
        unsigned char byte = (unsigned char)lex->source[at];
        if (byte < 0x80) {
            if (!(class_of(byte) & (LETTER | DIGIT)))
                break;
            at++;
            continue;
        }
        uint32_t length = (uint32_t)dw_text_decode(lex->source + at, lex->size - at, &code);
        if (length == 0 || !dw_text_is_name_part(code))
            break;
        *folded = true;
        at += length;
    }
    return at;
}

/* The value of digits without their point: an integer text and a power of ten, which strtod reads
 * exactly and the same under any locale. */
static double number_value(const char *digits, size_t size, long scale) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (size <= 15 && scale >= -22 && scale <= 22) {
        double value = 0;
        for (size_t i = 0; i < size; i++)
            value = value * 10 + (digits[i] - '0');
        return scale < 0 ? value / tens[-scale] : value * tens[scale];
    }
    char text[DIGITS + 32];
    snprintf(text, sizeof text, "%.*se%ld", (int)size, digits, scale);
    return strtod(text, NULL);
}

typedef struct {
    char digits[DIGITS];
    size_t count;
    long scale;
    bool behind; /* behind the point */
} number_text;

/* Takes a run of digits; leading zeros are left out, and those no double can feel only scale. */
static uint32_t take_digits(const dw_lex *lex, uint32_t at, number_text *n) {
    for (; at < lex->size && lex->source[at] >= '0' && lex->source[at] <= '9'; at++) {
        char digit = lex->source[at];
        n->scale -= n->behind;
        if (n->count == 0 && digit == '0')
            continue;
        if (n->count < DIGITS - 1) {
            n->digits[n->count++] = digit;
        } else {
            n->scale++;
            if (digit != '0')
                n->digits[DIGITS - 2] = '1';
        }
    }
    return at;
}

static bool is_digit(const dw_lex *lex, uint32_t at) {
    return at < lex->size && lex->source[at] >= '0' && lex->source[at] <= '9';
}

static char byte_at(const dw_lex *lex, uint32_t at) {
    return at < lex->size ? lex->source[at] : '\0';
}

/* Reads the exponent at `at`, if one stands there. */
static uint32_t take_exponent(const dw_lex *lex, uint32_t at, long *scale) {
    if (byte_at(lex, at) != 'e' && byte_at(lex, at) != 'E')
        return at;
    char sign = byte_at(lex, at + 1);
    uint32_t digits = at + 1 + (sign == '-' || sign == '+');
    if (!is_digit(lex, digits))
        return at;
    long exponent = 0;
    for (at = digits; is_digit(lex, at); at++)
        if (exponent < 100000000)
            exponent = exponent * 10 + (lex->source[at] - '0');
    *scale += sign == '-' ? -exponent : exponent;
    return at;
}

/* What may not follow a number: a name or a bracket that touches it, or a point with nothing
 * behind. */
static void refuse_touching(dw_lex *lex, uint32_t start, uint32_t end) {
    int size = (int)(end - start < 40 ? end - start : 40);
    const char *number = lex->source + start;
    char next = byte_at(lex, end), after = byte_at(lex, end + 1);
    if (next == '(' && start > 0 && lex->source[start - 1] == '^') {
        dw_lex_fail(lex, (dw_span){start, end + 1},
                    "a number cannot touch a bracket: write f(x)^%.*s for a power of a value, "
                    "%.*s*(…) for a product",
                    size, number, size, number);
    } else if (next == '(') {
        dw_lex_fail(lex, (dw_span){start, end + 1},
                    "a number cannot touch a bracket: write %.*s*(…) for a product", size, number);
    } else if (next == '.' && after != '.' && after != '*' && after != '/' && after != '^') {
        dw_lex_fail(lex, (dw_span){start, end + 1},
                    "a point needs a digit on both sides: write %.*s.0 or just %.*s", size, number,
                    size, number);
    } else if (next == '_' && is_digit(lex, end + 1)) {
        dw_lex_fail(lex, (dw_span){start, end + 1},
                    "the digits of a number stand together: leave out the _");
    } else {
        uint32_t code = 0;
        bool folded = false;
        dw_text_decode(lex->source + end, lex->size - end, &code);
        if (!dw_text_is_letter(code) && code != 0x221E)
            return;
        uint32_t stop = code == 0x221E ? end + 3 : name_end(lex, end, &folded);
        int name = (int)(stop - end < 80 ? stop - end : 80);
        dw_lex_fail(lex, (dw_span){start, stop},
                    "a number cannot touch the next name: write %.*s*%.*s", size, number, name,
                    lex->source + end);
    }
}

static void number(dw_lex *lex, dw_token *token) {
    number_text n;
    n.count = 0;
    n.scale = 0;
    n.behind = false;
    uint32_t at = take_digits(lex, lex->at, &n);
    if (byte_at(lex, at) == '.' && is_digit(lex, at + 1)) {
        n.behind = true;
        at = take_digits(lex, at + 1, &n);
    }
    at = take_exponent(lex, at, &n.scale);
    token->kind = DW_TOKEN_NUMBER;
    token->number = n.count == 0 ? 0 : number_value(n.digits, n.count, n.scale);
    token->span.end = at;
    if (token->number > 1.7976931348623157e308)
        dw_lex_fail(lex, token->span,
                    "this number is too large (the largest is 1.8e308): write inf for infinity");
    else
        refuse_touching(lex, lex->at, at);
    if (!lex->failed)
        lex->at = at;
}

/* -1 when the code point is no raised digit. */
static int raised_digit(uint32_t code) {
    if (code == 0xB2 || code == 0xB3)
        return (int)(code - 0xB0);
    if (code == 0xB9)
        return 1;
    if (code == 0x2070 || (code >= 0x2074 && code <= 0x2079))
        return (int)(code - 0x2070);
    return -1;
}

static bool is_superscript(uint32_t code) {
    return raised_digit(code) >= 0 || code == 0x207A || code == 0x207B;
}

/* ², ³¹, ⁻³ and the like. */
static void superscript(dw_lex *lex, dw_token *token) {
    uint32_t at = lex->at, code;
    double value = 0;
    uint32_t length = (uint32_t)dw_text_decode(lex->source + at, lex->size - at, &code);
    bool negative = code == 0x207B, digits = false;
    if (negative || code == 0x207A)
        at += length;
    while (at < lex->size) {
        length = (uint32_t)dw_text_decode(lex->source + at, lex->size - at, &code);
        int digit = length == 0 ? -1 : raised_digit(code);
        if (digit < 0)
            break;
        value = value * 10 + digit;
        digits = true;
        at += length;
    }
    token->kind = DW_TOKEN_SUPERSCRIPT;
    token->number = negative && value > 0 ? -value : value; /* never -0 */
    token->span.end = at;
    if (!digits || value > 1e15)
        dw_lex_fail(lex, token->span,
                    "a raised sign needs a small whole number behind it, as in x⁻²");
    else
        lex->at = at;
}

static void name(dw_lex *lex, dw_token *token) {
    token->span.end = name_end(lex, lex->at, &token->folded);
    token->kind = token->folded ? DW_TOKEN_NAME
                                : dw_lex_keyword(lex->source + lex->at, token->span.end - lex->at);
    lex->at = token->span.end;
}

static void take(dw_lex *lex, dw_token *token, dw_token_kind kind, uint32_t bytes) {
    token->kind = kind;
    lex->at += bytes;
    token->span.end = lex->at;
}

/* ∇ and ∇². */
static void nabla(dw_lex *lex, dw_token *token) {
    uint32_t code = 0;
    take(lex, token, DW_TOKEN_NABLA, 3);
    uint32_t length = (uint32_t)dw_text_decode(lex->source + lex->at, lex->size - lex->at, &code);
    if (length == 0 || !is_superscript(code))
        return;
    dw_token power = {.span = {lex->at, lex->at}};
    superscript(lex, &power);
    token->kind = DW_TOKEN_NABLA_SQUARED;
    token->span.end = power.span.end;
    if (!lex->failed && !(power.number > 1 && power.number < 3))
        dw_lex_fail(lex, token->span,
                    "there is ∇ for the gradient and ∇² for the Hessian, no other");
}

/* A word or sign that begins with a byte outside ASCII. */
static void wide(dw_lex *lex, dw_token *token) {
    static const struct {
        uint32_t code, kind;
    } signs[] = {
        {0x2192, DW_TOKEN_ARROW},      {0x27F6, DW_TOKEN_ARROW},
        {0x21A6, DW_TOKEN_MAPS_TO},    {0x27FC, DW_TOKEN_MAPS_TO},
        {0x2264, DW_TOKEN_LESS_EQUAL}, {0x2265, DW_TOKEN_GREATER_EQUAL},
        {0x2260, DW_TOKEN_UNEQUAL},    {0x2248, DW_TOKEN_ABOUT},
        {0xB1, DW_TOKEN_PLUS_MINUS},   {0x2208, DW_TOKEN_IN},
        {0xB7, DW_TOKEN_DOT},          {0x22C5, DW_TOKEN_DOT},
        {0xD7, DW_TOKEN_TIMES},        {0x2217, DW_TOKEN_TIMES},
        {0x2212, DW_TOKEN_MINUS},      {0x1D40, DW_TOKEN_RAISED_T},
        {0x201C, DW_TOKEN_TEXT},       {0x201D, DW_TOKEN_TEXT},
        {0x201E, DW_TOKEN_TEXT},       {0x221E, DW_TOKEN_NAME},
        {0x22A4, DW_TOKEN_RAISED_T},
    };
    uint32_t code = 0;
    uint32_t length = (uint32_t)dw_text_decode(lex->source + lex->at, lex->size - lex->at, &code);
    if (dw_text_is_letter(code)) {
        name(lex, token);
        return;
    }
    if (code == 0x2207) {
        nabla(lex, token);
        return;
    }
    if (is_superscript(code)) {
        superscript(lex, token);
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].code == code) {
            take(lex, token, (dw_token_kind)signs[i].kind, length);
            token->folded = code == 0x221E;
            return;
        }
    dw_lex_sign_refuse(lex, code, length);
}

/* A sign of one to three ASCII bytes. */
static void sign(dw_lex *lex, dw_token *token) {
    static const struct {
        char text[4];
        uint8_t size, kind;
    } signs[] = {
        {"+/-", 3, DW_TOKEN_PLUS_MINUS},   {"==", 2, DW_TOKEN_EQUAL},
        {"!=", 2, DW_TOKEN_UNEQUAL},       {"<=", 2, DW_TOKEN_LESS_EQUAL},
        {">=", 2, DW_TOKEN_GREATER_EQUAL}, {"~=", 2, DW_TOKEN_ABOUT},
        {"->", 2, DW_TOKEN_ARROW},         {"=>", 2, DW_TOKEN_MAPS_TO},
        {"..", 2, DW_TOKEN_RANGE},         {".*", 2, DW_TOKEN_ELEMENTWISE},
    };
    static const uint8_t single[128] = {
        ['+'] = DW_TOKEN_PLUS,        ['-'] = DW_TOKEN_MINUS,    ['*'] = DW_TOKEN_TIMES,
        ['/'] = DW_TOKEN_DIVIDE,      ['^'] = DW_TOKEN_POWER,    ['='] = DW_TOKEN_GIVES,
        ['<'] = DW_TOKEN_LESS,        ['>'] = DW_TOKEN_GREATER,  ['.'] = DW_TOKEN_POINT,
        ['\''] = DW_TOKEN_PRIME,      ['?'] = DW_TOKEN_QUESTION, [':'] = DW_TOKEN_COLON,
        ['}'] = DW_TOKEN_CLOSE_BRACE, ['"'] = DW_TOKEN_TEXT};
    const char *s = lex->source + lex->at;
    uint32_t left = lex->size - lex->at;
    bool alone = left < 2 || !(class_of((unsigned char)s[1]) & SIGN);
    if (alone && single[(unsigned char)s[0]] != 0) {
        take(lex, token, single[(unsigned char)s[0]], 1);
        return;
    }
    if (dw_lex_sign_foreign(lex))
        return;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].text[0] == s[0] && signs[i].size <= left &&
            memcmp(signs[i].text, s, signs[i].size) == 0) {
            take(lex, token, signs[i].kind, signs[i].size);
            return;
        }
    if (single[(unsigned char)s[0]] != 0)
        take(lex, token, single[(unsigned char)s[0]], 1);
    else
        dw_lex_sign_refuse(lex, (unsigned char)*s, 1);
}

/* Brackets and separators: always alone. 0 for other bytes. */
static dw_token_kind bracket_of(unsigned char byte) {
    switch (byte) {
    case '(':
        return DW_TOKEN_OPEN;
    case ')':
        return DW_TOKEN_CLOSE;
    case '[':
        return DW_TOKEN_OPEN_SQUARE;
    case ']':
        return DW_TOKEN_CLOSE_SQUARE;
    case ',':
        return DW_TOKEN_COMMA;
    case ';':
        return DW_TOKEN_SEMICOLON;
    default:
        return (dw_token_kind)0;
    }
}

dw_token dw_lex_next(dw_lex *lex) {
    uint32_t before = lex->at;
    dw_token token = {.kind = DW_TOKEN_END};
    token.line = dw_lex_skip(lex, true);
    token.space = lex->at > before || before == 0;
    token.span = (dw_span){lex->at, lex->at};
    if (lex->at >= lex->size)
        return token;
    unsigned char byte = (unsigned char)lex->source[lex->at];
    uint8_t class = class_of(byte);
    if (class & LETTER)
        name(lex, &token);
    else if (class & DIGIT)
        number(lex, &token);
    else if (byte >= 0x80)
        wide(lex, &token);
    else if (bracket_of(byte) != 0)
        take(lex, &token, bracket_of(byte), 1);
    else
        sign(lex, &token);
    if (lex->failed)
        token.kind = DW_TOKEN_END;
    return token;
}

char dw_lex_piece(dw_lex *lex, bool curly, dw_span *piece, bool *doubled) {
    const char *s = lex->source;
    uint32_t at = lex->at, size = lex->size;
    char end = 0;
    uint32_t skip = 0;
    *piece = (dw_span){at, at};
    for (; at < size && s[at] != '\n' && s[at] != '\r'; at++) {
        bool twice = at + 1 < size && s[at + 1] == s[at];
        if ((s[at] == '"' || s[at] == '{' || s[at] == '}') && twice) {
            *doubled = true;
            at++;
        } else if (s[at] == '"' || s[at] == '{') {
            end = s[at];
            skip = 1;
            break;
        } else if (curly && size - at >= 3 &&
                   (memcmp(s + at, "”", 3) == 0 || memcmp(s + at, "“", 3) == 0)) {
            end = '"';
            skip = 3;
            break;
        }
    }
    piece->end = at;
    lex->at = at + skip;
    return end;
}
