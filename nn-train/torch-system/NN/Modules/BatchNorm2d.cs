// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Parameters and running statistics of a normalisation.</summary>
    public abstract class NormBase : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))]
        private Parameter? weightField;

        [ComponentName(Name = nameof(bias))]
        private Parameter? biasField;

        [ComponentName(Name = nameof(running_mean))]
        private Tensor? runningMeanField;

        [ComponentName(Name = nameof(running_var))]
        private Tensor? runningVarField;

        [ComponentName(Name = nameof(num_batches_tracked))]
        private Tensor? batchesField;

        public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device,
            ScalarType? dtype, string name) : base(name)
        {
            this.num_features = num_features;
            this.eps = eps;
            this.momentum = momentum;
            this.affine = affine;
            this.track_running_stats = track_running_stats;
            if (affine)
            {
                weight = new Parameter(ones(num_features, dtype));
                bias = new Parameter(zeros(num_features, dtype));
            }
            if (track_running_stats)
            {
                running_mean = zeros(num_features, dtype);
                running_var = ones(num_features, dtype);
                num_batches_tracked = tensor(0L, dtype);
            }
        }

        public long num_features { get; }

        public double eps { get; set; }

        /// <summary>Weight of a new batch in the running statistics; null takes the average of all batches.</summary>
        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

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

        public Tensor? running_mean
        {
            get => runningMeanField;
            set => SetBuffer(nameof(running_mean), ref runningMeanField, value);
        }

        public Tensor? running_var
        {
            get => runningVarField;
            set => SetBuffer(nameof(running_var), ref runningVarField, value);
        }

        public Tensor? num_batches_tracked
        {
            get => batchesField;
            set => SetBuffer(nameof(num_batches_tracked), ref batchesField, value);
        }

        /// <exception cref="ArgumentException">The input has the wrong rank.</exception>
        protected abstract void ValidateInputDimensions(Tensor input);

        private void SetBuffer(string name, ref Tensor? field, Tensor? value)
        {
            field?.Dispose();
            field = value?.DetachFromDisposeScope();
            ConditionallyRegisterBuffer(name, field);
        }
    }

    /// <summary>
    /// y = (x − E[x]) / √(Var[x] + eps) · weight + bias per channel: with the batch's statistics in training (and
    /// running ← (1 − momentum) · running + momentum · batch, the variance over n − 1), with the running ones otherwise.
    /// Ioffe and Szegedy 2015.
    /// </summary>
    public abstract class BatchNorm : NormBase
    {
        public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device,
            ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            var factor = momentum ?? 0.0;
            if (training && track_running_stats && num_batches_tracked is not null)
            {
                num_batches_tracked.add_(1);
                factor = momentum ?? 1.0 / num_batches_tracked.item<long>();
            }
            var running = !training || track_running_stats;
            return nn.functional.batch_norm(
                input,
                running ? running_mean : null,
                running ? running_var : null,
                weight,
                bias,
                training || (running_mean is null && running_var is null),
                factor,
                eps);
        }
    }

    /// <summary>Batch normalisation of images (batch, channel, row, column).</summary>
    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
            Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d))
        {
        }

        protected override void ValidateInputDimensions(Tensor input)
        {
            if (input.ndim != 4)
            {
                throw new ArgumentException($"expected 4D input, but got {input.ndim}D input.");
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1,
                bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
