// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Members that end in an underscore change the tensor and return it.</summary>
    public partial class Tensor
    {
        public Tensor add_(Tensor target) => add_(target, 1);

        /// <summary>x ← x + alpha · target.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => Changed(ts_add_(handle, target.handle, alpha.Value));

        public Tensor add_(Scalar scalar) => Changed(ts_add_scalar_(handle, scalar.Value, NativeScalar.One));

        public Tensor sub_(Tensor target) => Changed(ts_sub_(handle, target.handle));

        public Tensor sub_(Scalar target) => Changed(ts_sub_scalar_(handle, target.Value));

        public Tensor mul_(Tensor target) => Changed(ts_mul_(handle, target.handle));

        public Tensor mul_(Scalar target) => Changed(ts_mul_scalar_(handle, target.Value));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Changed(ts_div_(handle, target.handle, (int)rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Changed(ts_div_scalar_(handle, target.Value, (int)rounding_mode));

        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            NativeScalar low = min?.Value ?? default, high = max?.Value ?? default;
            return Changed(ts_clamp_(handle, min is null ? null : &low, max is null ? null : &high));
        }

        public Tensor fill_(Scalar value) => Changed(ts_fill_(handle, value.Value));

        public Tensor zero_() => Changed(ts_zero_(handle));

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Changed(ts_copy_(handle, source.handle));

        /// <summary>x ← x + value · tensor1 · tensor2.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Changed(ts_addcmul_(handle, tensor1.handle, tensor2.handle, value.Value));

        /// <summary>x ← x + value · tensor1 / tensor2.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Changed(ts_addcdiv_(handle, tensor1.handle, tensor2.handle, value.Value));

        /// <summary>Fills with independent samples of the uniform distribution on [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Changed(ts_uniform_(handle, from, to, Generator.HandleOf(generator)));

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Changed(ts_normal_(handle, mean, std, Generator.HandleOf(generator)));
    }
}
