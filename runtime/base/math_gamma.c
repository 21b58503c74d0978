/* SPDX-License-Identifier: BSD-3-Clause */
/* log |Γ(x)|: polynomials around the zeros at 1 and 2, steps down from larger numbers, Stirling's
 * series from 8 on, and the reflection formula on the negative side. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

/* log Γ(1 + t) / (t*(t - 1)) for -5/16 <= t < 33/16 in steps of 1/8: c, value at c as hi + lo, and
 * the coefficients of t - c, (t - c)², … */
static const double pieces[19][14] = {
    {-0x1.0000000000000p-2, 0x1.4d0e35f51a18bp-1, 0x1.cc4b43bad6a02p-58, -0x1.68d0e724a2f56p-2,
     0x1.2d24b6e9d85a1p-2, -0x1.27d8568c43b72p-2, 0x1.3aa2bb1e31b5fp-2, -0x1.5e2fbad3da820p-2,
     0x1.915a5a3c872bbp-2, -0x1.d59222af4b350p-2, 0x1.16ebc59092e2ep-1, -0x1.4f65eaca3fe69p-1,
     0x1.9e91e09c86824p-1, -0x1.fb87a7857ef19p-1},
    {-0x1.0000000000000p-3, 0x1.389a1d88abaadp-1, 0x1.ba9d84aa0d375p-57, -0x1.294df52516f5ap-2,
     0x1.ac27d6853909dp-3, -0x1.699a5f35a6f53p-3, 0x1.4a6efc4b0430fp-3, -0x1.3bfa2da02591ep-3,
     0x1.371ccf890442bp-3, -0x1.38a41035546ecp-3, 0x1.3ef54d76a070dp-3, -0x1.494858abc1db0p-3,
     0x1.5bb4c02f93306p-3, -0x1.6d48a52380bb0p-3},
    {0x0.0p+0, 0x1.2788cfc6fb619p-1, -0x1.71818e782abbdp-58, -0x1.f6465978d46e9p-3,
     0x1.3e54520481ef0p-3, -0x1.d7a3e6a8f23e7p-4, 0x1.79cf9c4c1b2c8p-4, -0x1.3cb1f9d383fe7p-4,
     0x1.11554af1bcf68p-4, -0x1.e18248e46c852p-5, 0x1.ae869288e596ap-5, -0x1.85756caf0b4e7p-5,
     0x1.67321beed19c1p-5, -0x1.4a8a68ecc24fap-5},
    {0x1.0000000000000p-3, 0x1.18fa23339f753p-1, -0x1.9e7fa84f8c09fp-58, -0x1.b0711b5caafdfp-3,
     0x1.e9e50dcc1e9c3p-4, -0x1.4348c4d3c9d93p-4, 0x1.cd1043469af68p-5, -0x1.580598a5725d8p-5,
     0x1.084e4707c5984p-5, -0x1.9e7569aa37b7fp-6, 0x1.49d951e39a736p-6, -0x1.09901194faac1p-6,
     0x1.b3017a224913dp-7, -0x1.642d8d71dce49p-7},
    {0x1.0000000000000p-2, 0x1.0c58fe25dca2cp-1, -0x1.741301c5c9f68p-55, -0x1.79f9bf0adea8fp-3,
     0x1.83575d02c83c6p-4, -0x1.ccfde37c0345dp-5, 0x1.28367ed882fc5p-5, -0x1.8e4684aa33519p-6,
     0x1.13b4671c5677fp-6, -0x1.858dc558aaeadp-7, 0x1.1758caa209104p-7, -0x1.95442bbb5bf35p-8,
     0x1.2a959d0e1db67p-8, -0x1.b875549b45f72p-9},
    {0x1.8000000000000p-2, 0x1.013d8539b967ap-1, -0x1.f9dc5f70a5c8ep-55, -0x1.4e6fc9adb1f54p-3,
     0x1.3911f425318a6p-4, -0x1.5357c893b0c08p-5, 0x1.8cdb39b337c45p-6, -0x1.e58564735c431p-7,
     0x1.31d3c4ec43cc9p-7, -0x1.89356e76dc0bfp-8, 0x1.0095525150d7ep-8, -0x1.52b86907050d9p-9,
     0x1.c5a3b44c3541bp-10, -0x1.306d14ac96dc6p-10},
    {0x1.0000000000000p-1, 0x1.eeb95b094c191p-2, 0x1.346628724d8adp-56, -0x1.2aed059bd608ap-3,
     0x1.01af62a2929e8p-4, -0x1.007aa83cee1e0p-5, 0x1.1334235277261p-6, -0x1.34dbda148cf5ap-7,
     0x1.64f0667184b2cp-8, -0x1.a503526135f21p-9, 0x1.f813c6d34771cp-10, -0x1.313df2580f545p-10,
     0x1.76b6cd714d447p-11, -0x1.cd5a3f41200c6p-12},
    {0x1.4000000000000p-1, 0x1.dcfd339a88006p-2, -0x1.9b8d6da777347p-56, -0x1.0d79494357498p-3,
     0x1.aebb0c81e5095p-5, -0x1.8c66d24dc2b87p-6, 0x1.88f37b6d022b6p-7, -0x1.9755f441893fbp-8,
     0x1.b2cd23cd0b113p-9, -0x1.d9b603aa9c6ddp-10, 0x1.05f3b40f0ab26p-10, -0x1.250c8976b8614p-11,
     0x1.4c1582d2df066p-12, -0x1.79a9fd8c839d9p-13},
    {0x1.8000000000000p-1, 0x1.ccf151e09cde8p-2, 0x1.040b87e0c577fp-56, -0x1.e96586307946ep-4,
     0x1.6cb6251711902p-5, -0x1.382e176f60b06p-6, 0x1.1f9587fa1d19ap-7, -0x1.14f7c58ead70fp-8,
     0x1.12aa7301393d6p-9, -0x1.1605627a96f9bp-10, 0x1.1dae8bb1225ccp-11, -0x1.28f217fc07ac1p-12,
     0x1.387d56732af89p-13, -0x1.4a30b03424215p-14},
    {0x1.c000000000000p-1, 0x1.be5346f51a230p-2, -0x1.04f01750c5c0dp-59, -0x1.bf346f5de0ad4p-4,
     0x1.384caef1e460ep-5, -0x1.f3cb040748f2bp-7, 0x1.ae0b9be13a518p-8, -0x1.82bef48fc9a82p-9,
     0x1.661e03bfb532bp-10, -0x1.527a91efbddc5p-11, 0x1.44c6e49146119p-12, -0x1.3b3d27128bacfp-13,
     0x1.35a82f04408d6p-14, -0x1.318b2caa08332p-15},
    {0x1.0000000000000p+0, 0x1.b0ee6072093cep-2, 0x1.6cb8c1db64590p-58, -0x1.9ae6509ea109fp-4,
     0x1.0e0c9df293532p-5, -0x1.95ce223a9cbbfp-7, 0x1.47974853a9e01p-8, -0x1.145121f99d399p-9,
     0x1.dfebcf9613ce5p-11, -0x1.a96a4017a8bf3p-12, 0x1.7ed6f9586e1bfp-13, -0x1.5c867fcef51fap-14,
     0x1.40fe5168608f8p-15, -0x1.291247ede3626p-16},
    {0x1.2000000000000p+0, 0x1.a4982ad0ea0dfp-2, -0x1.7ce3a9e39c2dep-57, -0x1.7b5f07b2d5bfbp-4,
     0x1.d7107a33b341ap-6, -0x1.4da233b884bf9p-7, 0x1.fb56fb0ec0dd8p-9, -0x1.92ed59a0352b9p-10,
     0x1.496fd640137c4p-11, -0x1.12eee1835a88ep-12, 0x1.d1e41bf72d1aep-14, -0x1.8f55b12f083bdp-15,
     0x1.5a3188bab5aa5p-16, -0x1.2dab8bb6279f0p-17},
    {0x1.4000000000000p+0, 0x1.992dfc9539d9bp-2, 0x1.ca595863d9e86p-58, -0x1.5fc498795de96p-4,
     0x1.9dff298b209a6p-6, -0x1.155963451c853p-7, 0x1.8e9b025b97f68p-9, -0x1.2b1a505b5c3f2p-10,
     0x1.ce0fe4173fbefp-12, -0x1.6c4b7add9dd22p-13, 0x1.23996ad6d9d04p-14, -0x1.d84415ef8d0dcp-16,
     0x1.82b71c6effeadp-17, -0x1.3e5fc46f12b42p-18},
    {0x1.6000000000000p+0, 0x1.8e9331cef6549p-2, -0x1.ad65f405e4536p-57, -0x1.476d23ab17672p-4,
     0x1.6e53146b4e573p-6, -0x1.d1b1501e6aa3cp-8, 0x1.3d42534c48842p-9, -0x1.c33da3aae7b64p-11,
     0x1.4a4a079041695p-12, -0x1.ed8456f4fc74ep-14, 0x1.7656f1e2fcebap-15, -0x1.1f42c12cd8635p-16,
     0x1.bdbb14ebe1f50p-18, -0x1.5bc1c8d5506a0p-19},
    {0x1.8000000000000p+0, 0x1.84afe00cddfdfp-2, 0x1.fd002556e984fp-56, -0x1.31d26e9323010p-4,
     0x1.462044b0af671p-6, -0x1.8a722dfc5d7ffp-8, 0x1.feef08b131f22p-10, -0x1.59512000e40dcp-11,
     0x1.e05c3c3e01966p-13, -0x1.5501ab00b1770p-14, 0x1.eb8f557b92e7cp-16, -0x1.667068daba147p-17,
     0x1.0834ec5a8a7e0p-18, -0x1.87c303624e7acp-20},
    {0x1.a000000000000p+0, 0x1.7b6fde69143dcp-2, -0x1.8a9d807da54c4p-59, -0x1.1e891590bcc40p-4,
     0x1.23f152284c7dcp-6, -0x1.50c7a43e65b88p-8, 0x1.9fc273acafadbp-10, -0x1.0bb6a6980816ap-11,
     0x1.62c28df46fb02p-13, -0x1.dfcb964169ce4p-15, 0x1.49688fa09a0b8p-16, -0x1.c99ec9bc9c4a0p-18,
     0x1.4146c096880e7p-19, -0x1.c5cf7539a97e1p-21},
    {0x1.c000000000000p+0, 0x1.72c2097ce3928p-2, 0x1.544994688ee93p-56, -0x1.0d3a377b6e721p-4,
     0x1.06a6ddd8fb035p-6, -0x1.21a2b60f16490p-8, 0x1.558c905fc2c72p-10, -0x1.a405795ed0ba5p-12,
     0x1.09b50a217a825p-13, -0x1.5715465d996d3p-15, 0x1.c1c221905738ep-17, -0x1.2a42a948aaf9ap-18,
     0x1.8fc8dc614a5ecp-20, -0x1.0d939e8ab45d3p-21},
    {0x1.e000000000000p+0, 0x1.6a97b2c1d3cb9p-2, 0x1.bb0f6277758fdp-61, -0x1.fb3da9221ff99p-5,
     0x1.dac1ed6deb288p-7, -0x1.f57b52fecc16ep-9, 0x1.1b07308df822bp-10, -0x1.4d0c44d1343d2p-12,
     0x1.93255720138c8p-14, -0x1.f1ff00b1a5917p-16, 0x1.38466b70b86cep-17, -0x1.8c3b0bbd06cc8p-19,
     0x1.fc0ae306d1d1bp-21, -0x1.47be4695de068p-22},
    {0x1.0000000000000p+1, 0x1.62e42fefa39efp-2, 0x1.abc9e3744be10p-57, -0x1.def8bd73867fep-5,
     0x1.aede3660fcb66p-7, -0x1.b4c4ca5483a30p-9, 0x1.d8cdb770b49f2p-11, -0x1.0ab1113fbd853p-12,
     0x1.35711f42243ecp-14, -0x1.6e609279b221ap-16, 0x1.b86648fe3c025p-18, -0x1.0bcc06bff2decp-19,
     0x1.4913bee89945ep-21, -0x1.96f58e71ed526p-23},
};

/* log Γ(1 + t) for -5/16 <= t < 33/16. */
static double near_zeros(double t) {
    const double *p = pieces[(int)(8 * (t + 0.3125))];
    double u = t - p[0];
    double value = p[1] + (p[2] + u * dw_math_core_poly(p + 3, 11, u));
    return t * (t - 1) * value + 0.0; /* never -0 */
}

/* log Γ(x) for x >= 8. */
static double stirling(double x) {
    static const double c[] = {
        0x1.5555555555555p-4,   -0x1.6c16c16c149f4p-9, 0x1.a01a017dcf9e1p-11,
        -0x1.38134d4f88969p-11, 0x1.b92c33f944339p-11, -0x1.ef8d748ae6ca6p-10,
        0x1.4bffc9d89f5aap-8,
    };
    double l = dw_math_log(x);
    if (x > 0x1p60)
        return x * (l - 1);
    double series = dw_math_core_poly(c, 7, 1 / (x * x)) / x;
    return (x - 0.5) * (l - 1) + (0x1.acfe390c97d69p-2 + series);
}

static double positive(double x) {
    if (x < 0.6875)
        return near_zeros(x) - dw_math_log(x);
    if (x < 3)
        return near_zeros(x - 1);
    if (x >= 8)
        return stirling(x);
    double product = 1;
    while (x >= 3) {
        x -= 1;
        product *= x;
    }
    return near_zeros(x - 1) + dw_math_log(product);
}

double dw_math_lgamma(double x) {
    if (x != x)
        return x;
    if (isinf(x) || x == 0)
        return INFINITY;
    if (x > 0)
        return positive(x);
    double a = -x, part = a - floor(a);
    if (part == 0)
        return INFINITY;
    if (a < 0x1p-60)
        return -dw_math_log(a);
    double sine = dw_math_sin(0x1.921fb54442d18p+1 * (part > 0.5 ? 1 - part : part));
    return 0x1.250d048e7a1bdp+0 - dw_math_log(a * sine) - positive(a);
}
