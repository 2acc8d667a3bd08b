// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>y = x Wᵀ + b with W of shape (out, in).</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        // With a = √5 the bound of the uniform distribution becomes 1/√(fan in).
        private static readonly double NegativeSlope = Math.Sqrt(5);

        [ComponentName(Name = nameof(weight))]
        private Parameter? weightField;

        [ComponentName(Name = nameof(bias))]
        private Parameter? biasField;

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            in_features = weight.shape[1];
            out_features = weight.shape[0];
            this.weight = weight;
            this.bias = bias;
        }

        internal Linear(long inputSize, long outputSize, bool hasBias, ScalarType? dtype) : base(nameof(Linear))
        {
            in_features = inputSize;
            out_features = outputSize;
            weight = new Parameter(empty(outputSize, inputSize, dtype));
            nn.init.kaiming_uniform_(weight, NegativeSlope);
            if (hasBias)
            {
                bias = new Parameter(empty(outputSize, dtype));
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                nn.init.uniform_(bias, -bound, bound);
            }
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

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

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Weights and bias uniform in ±1/√(input size).</summary>
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null,
                ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) => new(weight, bias);
        }
    }
}
