// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>What stands around an image.</summary>
    public enum PaddingModes
    {
        Zeros = 0,
        Constant = 4,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What convolutions of all ranks share.</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        // With a = √5 the bound of the uniform distribution becomes 1/√(fan in).
        private static readonly double NegativeSlope = Math.Sqrt(5);

        [ComponentName(Name = nameof(weight))]
        private Parameter? weightField;

        [ComponentName(Name = nameof(bias))]
        private Parameter? biasField;

        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride,
            long[] padding, long[] dilation, long groups, bool bias, ScalarType? dtype) : base(name)
        {
            this.in_channels = in_channels;
            this.out_channels = out_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding;
            this.dilation = dilation;
            this.groups = groups;
            weight = new Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype));
            if (bias)
            {
                this.bias = new Parameter(empty(out_channels, dtype));
            }
            reset_parameters();
        }

        public long in_channels { get; }

        public long out_channels { get; }

        public long[] kernel_size { get; set; }

        public long[] stride { get; set; }

        public long[]? padding { get; }

        public long[] dilation { get; set; }

        public long groups { get; set; }

        /// <summary>Setting it disposes the one before.</summary>
        public Parameter weight
        {
            get => weightField!;
            set
            {
                if (!ReferenceEquals(value, weightField))
                {
                    weightField?.Dispose();
                    value.DetachFromDisposeScope();
                    weightField = value;
                    ConditionallyRegisterParameter(nameof(weight), value);
                }
            }
        }

        /// <summary>Setting it disposes the one before; null removes it.</summary>
        public Parameter? bias
        {
            get => biasField;
            set
            {
                biasField?.Dispose();
                value?.DetachFromDisposeScope();
                biasField = value;
                ConditionallyRegisterParameter(nameof(bias), value);
            }
        }

        /// <summary>Draws weights and bias from the uniform distribution in ±1/√(fan in).</summary>
        public void reset_parameters()
        {
            nn.init.kaiming_uniform_(weight, NegativeSlope);
            if (bias is not null)
            {
                var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
                var bound = 1 / Math.Sqrt(fanIn);
                nn.init.uniform_(bias, -bound, bound);
            }
        }
    }

    /// <summary>Convolution of images (batch, channel, row, column) with weights (out, in/groups, row, column).</summary>
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation,
            long groups, bool bias, ScalarType? dtype)
            : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, dtype)
        {
        }

        public override Tensor forward(Tensor input) =>
            nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <exception cref="NotSupportedException">Another padding than zeros.</exception>
            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1,
                bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding),
                    (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size,
                (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) => padding_mode == PaddingModes.Zeros
                    ? new(in_channels, out_channels, Pair(kernel_size), Pair(stride ?? (1, 1)), Pair(padding ?? (0, 0)),
                        Pair(dilation ?? (1, 1)), groups, bias, dtype)
                    : throw new NotSupportedException("Conv2d pads with zeros only.");

            private static long[] Pair((long first, long second) values) => [values.first, values.second];
        }
    }
}
