// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        /// <summary>|x|.</summary>
        public Tensor abs() => Result(ts_abs(handle, out var r), r);

        /// <summary>Smallest integer ≥ x.</summary>
        public Tensor ceil() => Result(ts_ceil(handle, out var r), r);

        /// <summary>eˣ.</summary>
        public Tensor exp() => Result(ts_exp(handle, out var r), r);

        /// <summary>2ˣ.</summary>
        public Tensor exp2() => Result(ts_exp2(handle, out var r), r);

        /// <summary>Largest integer ≤ x.</summary>
        public Tensor floor() => Result(ts_floor(handle, out var r), r);

        public Tensor isfinite() => Result(ts_isfinite(handle, out var r), r);

        public Tensor isnan() => Result(ts_isnan(handle, out var r), r);

        /// <summary>Natural logarithm.</summary>
        public Tensor log() => Result(ts_log(handle, out var r), r);

        public Tensor log2() => Result(ts_log2(handle, out var r), r);

        public Tensor logical_not() => Result(ts_logical_not(handle, out var r), r);

        /// <summary>−x.</summary>
        public Tensor neg() => Result(ts_neg(handle, out var r), r);

        /// <summary>−x.</summary>
        public Tensor negative() => Result(ts_neg(handle, out var r), r);

        /// <summary>1/x.</summary>
        public Tensor reciprocal() => Result(ts_reciprocal(handle, out var r), r);

        /// <summary>max(x, 0).</summary>
        public Tensor relu() => Result(ts_relu(handle, out var r), r);

        /// <summary>1/√x.</summary>
        public Tensor rsqrt() => Result(ts_rsqrt(handle, out var r), r);

        /// <summary>1/(1 + e⁻ˣ).</summary>
        public Tensor sigmoid() => Result(ts_sigmoid(handle, out var r), r);

        /// <summary>−1, 0 or 1.</summary>
        public Tensor sign() => Result(ts_sign(handle, out var r), r);

        public Tensor sqrt() => Result(ts_sqrt(handle, out var r), r);

        /// <summary>x².</summary>
        public Tensor square() => Result(ts_square(handle, out var r), r);

        public Tensor tanh() => Result(ts_tanh(handle, out var r), r);

        /// <summary>Towards zero.</summary>
        public Tensor trunc() => Result(ts_trunc(handle, out var r), r);

        /// <summary>To <paramref name="decimals"/> decimals; ties go to the even neighbour (IEEE 754 roundTiesToEven).</summary>
        public Tensor round(long decimals = 0) => Result(ts_round(handle, decimals, out var r), r);

        public Tensor add(Tensor target) => add(target, 1);

        /// <summary>x + alpha · target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Result(ts_add(handle, target.handle, alpha.Value, out var r), r);

        public Tensor add(Scalar scalar) => Result(ts_add_scalar(handle, scalar.Value, NativeScalar.One, out var r), r);

        public Tensor sub(Tensor target) => Result(ts_sub(handle, target.handle, out var r), r);

        public Tensor sub(Scalar target) => Result(ts_sub_scalar(handle, target.Value, out var r), r);

        public Tensor mul(Tensor target) => Result(ts_mul(handle, target.handle, out var r), r);

        public Tensor mul(Scalar target) => Result(ts_mul_scalar(handle, target.Value, out var r), r);

        /// <summary>x / target; <paramref name="rounding_mode"/> rounds the quotient.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Result(ts_div(handle, target.handle, (int)rounding_mode, out var r), r);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Result(ts_div_scalar(handle, target.Value, (int)rounding_mode, out var r), r);

        public Tensor pow(Tensor exponent) => Result(ts_pow(handle, exponent.handle, out var r), r);

        public Tensor pow(Scalar exponent) => Result(ts_pow_scalar(handle, exponent.Value, out var r), r);

        /// <summary>Remainder with the sign of the divisor.</summary>
        public Tensor remainder(Tensor target) => Result(ts_remainder(handle, target.handle, out var r), r);

        /// <summary>Remainder with the sign of the divisor.</summary>
        public Tensor remainder(Scalar scalar) => Result(ts_remainder_scalar(handle, scalar.Value, out var r), r);

        public Tensor eq(Tensor target) => Result(ts_eq(handle, target.handle, out var r), r);

        public Tensor eq(Scalar target) => Result(ts_eq_scalar(handle, target.Value, out var r), r);

        public Tensor ne(Tensor target) => Result(ts_ne(handle, target.handle, out var r), r);

        public Tensor ne(Scalar target) => Result(ts_ne_scalar(handle, target.Value, out var r), r);

        public Tensor lt(Tensor target) => Result(ts_lt(handle, target.handle, out var r), r);

        public Tensor lt(Scalar target) => Result(ts_lt_scalar(handle, target.Value, out var r), r);

        public Tensor le(Tensor target) => Result(ts_le(handle, target.handle, out var r), r);

        public Tensor le(Scalar target) => Result(ts_le_scalar(handle, target.Value, out var r), r);

        public Tensor gt(Tensor target) => Result(ts_gt(handle, target.handle, out var r), r);

        public Tensor gt(Scalar target) => Result(ts_gt_scalar(handle, target.Value, out var r), r);

        public Tensor ge(Tensor target) => Result(ts_ge(handle, target.handle, out var r), r);

        public Tensor ge(Scalar target) => Result(ts_ge_scalar(handle, target.Value, out var r), r);

        public Tensor logical_and(Tensor other) => Result(ts_logical_and(handle, other.handle, out var r), r);

        public Tensor logical_or(Tensor other) => Result(ts_logical_or(handle, other.handle, out var r), r);

        public Tensor maximum(Tensor other) => Result(ts_maximum(handle, other.handle, out var r), r);

        public Tensor minimum(Tensor other) => Result(ts_minimum(handle, other.handle, out var r), r);

        /// <summary>Matrix product; leading axes are a batch.</summary>
        public Tensor matmul(Tensor target) => Result(ts_matmul(handle, target.handle, out var r), r);

        /// <summary>min(max(x, min), max); the gradient is zero outside.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            NativeScalar low = min?.Value ?? default, high = max?.Value ?? default;
            return Result(ts_clamp(handle, min is null ? null : &low, max is null ? null : &high, out var r), r);
        }

        public Tensor clamp(Tensor? min = null, Tensor? max = null) =>
            Result(ts_clamp_tensor(handle, HandleOf(min), HandleOf(max), out var r), r);

        /// <summary>x where the condition holds, y elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) =>
            Result(ts_where(condition.handle, handle, y.handle, out var r), r);

        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Result(ts_masked_fill(handle, mask.handle, value.Value, out var r), r);

        /// <summary>Whether |x − target| ≤ atol + rtol·|target| everywhere.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            Check(ts_allclose(handle, target.handle, rtol, atol, Flag(equal_nan), out var close));
            return close != 0;
        }

        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            Result(ts_log_softmax(handle, dim, Code(dtype), out var r), r);

        public Tensor softmax(long dim, ScalarType? dtype = null) =>
            Result(ts_softmax(handle, dim, Code(dtype), out var r), r);
    }
}
