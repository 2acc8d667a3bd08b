// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How a loss over a batch becomes one number.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        /// <summary>Layers without state; images are (batch, channel, row, column).</summary>
        public static partial class functional
        {
            /// <summary>x Wᵀ + b.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Tensor.Result(ts_linear(input.handle, weights.handle, Tensor.HandleOf(bias), out var r), r);

            /// <summary>Cross-correlation of images with weights (out, in/groups, row, column); pairs are (rows, columns).</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null,
                long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Tensor.Result(
                    ts_conv2d(input.handle, weight.handle, Tensor.HandleOf(bias), strides ?? [1, 1], padding ?? [0, 0],
                        dilation ?? [1, 1], groups, out var r),
                    r);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0),
                    Square(dilation ?? 1), ceil_mode);

            /// <summary>Largest value of each window; without a stride windows lie side by side.</summary>
            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Tensor.Result(
                    ts_max_pool2d(input.handle, kernel_size, strides ?? kernel_size, padding ?? [0, 0], dilation ?? [1, 1],
                        ceil_mode ? 1 : 0, out var r),
                    r);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding), ceil_mode,
                    count_include_pad, divisor_override);

            /// <summary>Mean of each window, or its sum over a divisor.</summary>
            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Tensor.Result(
                    ts_avg_pool2d(input.handle, kernel_size, stride ?? kernel_size, padding ?? [0, 0], ceil_mode ? 1 : 0,
                        count_include_pad ? 1 : 0, divisor_override ?? 0, out var r),
                    r);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                adaptive_avg_pool2d(input, Square(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Tensor.Result(ts_adaptive_avg_pool2d(input.handle, output_size, out var r), r);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.copy_(x.relu()) : x.relu();

            /// <summary>See <see cref="Modules.BatchNorm"/>; in training the running statistics are updated in place.</summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null,
                Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                Tensor.Result(
                    ts_batch_norm(input.handle, Tensor.HandleOf(weight), Tensor.HandleOf(bias), Tensor.HandleOf(running_mean),
                        Tensor.HandleOf(running_var), training ? 1 : 0, momentum, eps, out var r),
                    r);

            /// <summary>
            /// −Σ q · log softmax(x) with q the one-hot target, or (1 − s) · one-hot + s / classes with label smoothing s.
            /// </summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                Tensor.Result(
                    ts_cross_entropy(input.handle, target.handle, Tensor.HandleOf(weight), ignore_index, (long)reduction,
                        label_smoothing, out var r),
                    r);

            /// <summary>−x[target] of log-probabilities.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Result(ts_nll_loss(input.handle, target.handle, Tensor.HandleOf(weight), (long)reduction, out var r), r);

            /// <summary>(x − target)².</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Result(ts_mse_loss(input.handle, target.handle, (long)reduction, out var r), r);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor one_hot(Tensor x, long num_classes = -1) =>
                Tensor.Result(ts_one_hot(x.handle, num_classes, out var r), r);

            /// <summary>Pads with a constant; pairs (before, after) start at the last axis.</summary>
            /// <exception cref="NotSupportedException">Another mode than a constant.</exception>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode == PaddingModes.Constant
                    ? Tensor.Result(ts_constant_pad(input.handle, pad, pad.Length, value, out var r), r)
                    : throw new NotSupportedException("pad knows the mode Constant only.");

            private static long[] Square(long extent) => [extent, extent];
        }
    }
}
