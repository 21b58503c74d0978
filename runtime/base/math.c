/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/math.h"
#include <math.h>
double dw_math_exp(double x){return exp(x);}
double dw_math_expm1(double x){return expm1(x);}
double dw_math_log(double x){return log(x);}
double dw_math_log1p(double x){return log1p(x);}
double dw_math_log2(double x){return log2(x);}
double dw_math_log10(double x){return log10(x);}
double dw_math_pow(double x,double y){return pow(x,y);}
double dw_math_sin(double x){return sin(x);}
double dw_math_cos(double x){return cos(x);}
double dw_math_tan(double x){return tan(x);}
double dw_math_asin(double x){return asin(x);}
double dw_math_acos(double x){return acos(x);}
double dw_math_atan(double x){return atan(x);}
double dw_math_atan2(double y,double x){return atan2(y,x);}
double dw_math_sinh(double x){return sinh(x);}
double dw_math_cosh(double x){return cosh(x);}
double dw_math_tanh(double x){return tanh(x);}
double dw_math_sigmoid(double x){return x>0?1/(1+exp(-x)):exp(x)/(1+exp(x));}
double dw_math_softplus(double x){return x>0?x+log1p(exp(-x)):log1p(exp(x));}
double dw_math_erf(double x){return erf(x);}
double dw_math_erfc(double x){return erfc(x);}
double dw_math_normal_cdf(double x){return 0.5*erfc(-x*0.70710678118654752440);}
double dw_math_normal_quantile(double p){
 if(!(p>=0&&p<=1))return NAN; if(p==0)return -INFINITY; if(p==1)return INFINITY;
 double lo=-40,hi=40; for(int i=0;i<80;i++){double m=0.5*(lo+hi); if(dw_math_normal_cdf(m)<p)lo=m;else hi=m;} return 0.5*(lo+hi);}
double dw_math_lgamma(double x){return lgamma(x);}
