/* SPDX-License-Identifier: BSD-3-Clause */
/* Logarithms. The plain ones take x = 2^k * m with m in √½ … √2; those that need more than 53 bits
 * take m relative to the nearest of 64 parts of an octave. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

double dw_math_log(double x) {
    if (x >= 0x1p-1022 && x < INFINITY)
        return dw_math_core_log_usual(x);
    if (x < 0)
        return NAN;
    if (x == 0)
        return -INFINITY;
    if (!(x < INFINITY))
        return x;
    double m, k = dw_math_core_split_exponent(x * 0x1p54, &m) - 54;
    return dw_math_core_log_near_one(m - 1, k * DW_MATH_LN2_HI, k * DW_MATH_LN2_LO);
}

double dw_math_log1p(double x) {
    if (x > -1 && x < INFINITY)
        return dw_math_core_log1p_usual(x);
    if (x < -1)
        return NAN;
    return x == -1 ? -INFINITY : x;
}

/* c, hi and lo, each for all parts. */
const double dw_math_core_parts[3][64] = {
    {
        0x1.6800000000000p+0, 0x1.6400000000000p+0, 0x1.6080000000000p+0, 0x1.5c80000000000p+0,
        0x1.5900000000000p+0, 0x1.5580000000000p+0, 0x1.5200000000000p+0, 0x1.4e80000000000p+0,
        0x1.4b00000000000p+0, 0x1.4780000000000p+0, 0x1.4480000000000p+0, 0x1.4180000000000p+0,
        0x1.3e00000000000p+0, 0x1.3b00000000000p+0, 0x1.3800000000000p+0, 0x1.3500000000000p+0,
        0x1.3200000000000p+0, 0x1.2f80000000000p+0, 0x1.2c80000000000p+0, 0x1.2a00000000000p+0,
        0x1.2700000000000p+0, 0x1.2480000000000p+0, 0x1.2200000000000p+0, 0x1.1f80000000000p+0,
        0x1.1d00000000000p+0, 0x1.1a80000000000p+0, 0x1.1800000000000p+0, 0x1.1580000000000p+0,
        0x1.1380000000000p+0, 0x1.1100000000000p+0, 0x1.0f00000000000p+0, 0x1.0c80000000000p+0,
        0x1.0a80000000000p+0, 0x1.0880000000000p+0, 0x1.0600000000000p+0, 0x1.0400000000000p+0,
        0x1.0200000000000p+0, 0x1.0000000000000p+0, 0x1.f800000000000p-1, 0x1.f000000000000p-1,
        0x1.e900000000000p-1, 0x1.e200000000000p-1, 0x1.db00000000000p-1, 0x1.d400000000000p-1,
        0x1.ce00000000000p-1, 0x1.c700000000000p-1, 0x1.c100000000000p-1, 0x1.bb00000000000p-1,
        0x1.b500000000000p-1, 0x1.af00000000000p-1, 0x1.aa00000000000p-1, 0x1.a400000000000p-1,
        0x1.9f00000000000p-1, 0x1.9a00000000000p-1, 0x1.9500000000000p-1, 0x1.9000000000000p-1,
        0x1.8b00000000000p-1, 0x1.8600000000000p-1, 0x1.8200000000000p-1, 0x1.7d00000000000p-1,
        0x1.7900000000000p-1, 0x1.7400000000000p-1, 0x1.7000000000000p-1, 0x1.6c00000000000p-1,
    },
    {
        -0x1.5d1bdbf5809cap-2, -0x1.51aad872df82dp-2,
        -0x1.478cd5959b3d9p-2, -0x1.3bdd24eb14b6ap-2,
        -0x1.31871c9544185p-2, -0x1.27161913f853dp-2,
        -0x1.1c898c16999fbp-2, -0x1.11e0e2dad9cb7p-2,
        -0x1.071b85fcd590dp-2, -0x1.f871b28955045p-3,
        -0x1.e598ed5a87e2fp-3, -0x1.d293581b6b3e7p-3,
        -0x1.bc286742d8cd6p-3, -0x1.a8becfc882f19p-3,
        -0x1.9525a9cf456b4p-3, -0x1.815c0a14357ebp-3,
        -0x1.6d60fe719d21dp-3, -0x1.5c940075972b9p-3,
        -0x1.483bccce6e3ddp-3, -0x1.371fc201e8f74p-3,
        -0x1.2266f190a5acbp-3, -0x1.10f8e422539b1p-3,
        -0x1.fec9131dbeabbp-4, -0x1.db5270187d927p-4,
        -0x1.b78c82bb0eda1p-4, -0x1.9375e55595edep-4,
        -0x1.6f0d28ae56b4cp-4, -0x1.4a50d3aa1b040p-4,
        -0x1.2cb0283f5de1fp-4, -0x1.075983598e471p-4,
        -0x1.d276b8adb0b52p-5, -0x1.868a83083f6cfp-5,
        -0x1.494acc34d911cp-5, -0x1.0b94f7c196176p-5,
        -0x1.7b91b07d5b11bp-6, -0x1.fc0a8b0fc03e4p-7,
        -0x1.fe02a6b106789p-8, 0x0.0p+0,
        0x1.0205658935847p-6,  0x1.0415d89e74444p-5,
        0x1.788595a3577bap-5,  0x1.eea31c006b87cp-5,
        0x1.333d7f8183f4bp-4,  0x1.700d30aeac0e1p-4,
        0x1.a4e7640b1bc38p-4,  0x1.e3707ee30487bp-4,
        0x1.0ce7ecdccc28dp-3,  0x1.28753bc11aba5p-3,
        0x1.4462b9dc9b3dcp-3,  0x1.60b3100b09476p-3,
        0x1.7898d85444c73p-3,  0x1.95a5adcf7017fp-3,
        0x1.ae2ca6f672bd4p-3,  0x1.c6ffbc6f00f71p-3,
        0x1.e020cc6235ab5p-3,  0x1.f991c6cb3b379p-3,
        0x1.09aa572e6c6d4p-2,  0x1.16b5ccbacfb73p-2,
        0x1.214456d0eb8d4p-2,  0x1.2e9e2bce12286p-2,
        0x1.396ce359bbf54p-2,  0x1.4718dc271c41bp-2,
        0x1.522ae0738a3d8p-2,  0x1.5d5bddf595f30p-2,
    },
    {
        -0x1.4236383dc7fe1p-56, -0x1.3927ac19f55e3p-59,
        -0x1.37e191a12fb48p-58, -0x1.2da3c6449a7d0p-58,
        0x1.51acc4c09b379p-60,  -0x1.e3ec2ac9676b8p-57,
        0x1.0e5c62aff1c44p-60,  -0x1.dc0cc6917022bp-63,
        -0x1.d1707f97bde80p-58, -0x1.4ad6c8812d31ap-63,
        0x1.a5e78f4c50659p-58,  0x1.c04a2aa97ac8ep-58,
        -0x1.4fce744870f55p-58, 0x1.e8c37918c39ebp-58,
        -0x1.d904c1d4e2e26p-57, 0x1.4be48073a0564p-58,
        0x1.caae268ecd179p-57,  -0x1.adccb73379cc5p-58,
        -0x1.29391fb1b4b22p-57, -0x1.de6cb62af18a0p-58,
        -0x1.f547bf1809e88p-57, -0x1.8f798d39f1b7dp-58,
        0x1.5746b9981b36cp-58,  -0x1.e15ab8607d2acp-58,
        -0x1.0878cf0327e21p-61, 0x1.e463f9e4dd920p-59,
        0x1.906d99184b992p-58,  -0x1.ecf768c1dd57bp-61,
        0x1.d359a8fde8adep-60,  -0x1.80da5333c45b8p-59,
        -0x1.1e3c53257fd47p-61, 0x1.d09a5634943dbp-61,
        -0x1.e295bf491ccc5p-59, -0x1.da43f761f4dc4p-59,
        0x1.5b602ace3a510p-60,  0x1.83092c59642a1p-62,
        0x1.e44b7e3711ebfp-67,  0x0.0p+0,
        0x1.27c8e8416e71fp-60,  0x1.c05cf1d753622p-59,
        0x1.e5ef898b67923p-59,  -0x1.3e4fc93b7b66cp-59,
        0x1.a92afc8ef70b1p-58,  -0x1.72566212cdd05p-61,
        -0x1.5b5ca203e4259p-58, 0x1.09ccecd579d99p-58,
        -0x1.692a0055dc959p-57, -0x1.6394d9fa33311p-57,
        -0x1.629c46c186385p-58, -0x1.5b2623e05016bp-58,
        0x1.ef8f6ebcfb201p-58,  0x1.142c507fb7a3dp-58,
        0x1.ab5ca9eaa088ap-57,  -0x1.8e58b2c57a4a5p-57,
        0x1.fea48dd7b81d1p-58,  0x1.f665066f980a2p-57,
        0x1.43c2e68684d53p-57,  0x1.66fbd28b40935p-56,
        0x1.f7ae91aeba60ap-57,  0x1.8251a3b83d97ap-62,
        -0x1.ce2b31b31e8b0p-58, 0x1.8fb4c14c56eefp-60,
        -0x1.8f7e9b38a6979p-57, -0x1.6541148cbb8a2p-56,
    },
};

dw_math_pair dw_math_core_log(double x) {
    if (x >= 0x1p-1022)
        return dw_math_core_log_pair(x);
    /* 54 log 2 is taken off where the sum is as precise as the rest */
    dw_math_pair l = dw_math_core_log_pair(x * 0x1p54);
    dw_math_pair s = dw_math_core_sum(l.hi, -54 * DW_MATH_LN2_HI);
    return dw_math_core_fast_sum(s.hi, s.lo + (l.lo - 54 * DW_MATH_LN2_LO));
}

/* A logarithm to another base where x is not normal or not positive. */
static double log_elsewhere(double x, double hi, double lo) {
    if (x < 0)
        return NAN;
    if (x == 0)
        return -INFINITY;
    return x < INFINITY ? dw_math_core_log_times(dw_math_core_log(x), hi, lo) : x;
}

double dw_math_log2(double x) {
    if (x >= 0x1p-1022 && x < INFINITY)
        return dw_math_core_log2_usual(x);
    return log_elsewhere(x, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56);
}

double dw_math_log10(double x) {
    if (x >= 0x1p-1022 && x < INFINITY)
        return dw_math_core_log10_usual(x);
    return log_elsewhere(x, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57);
}
