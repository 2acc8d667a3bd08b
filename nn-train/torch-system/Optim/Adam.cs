// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Adam (Kingma and Ba 2015, algorithm 1): m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
    /// p ← p − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + eps), with g + decay · p for g where there is weight decay.
    /// </summary>
    public class Adam : OptimizerHelper
    {
        private readonly Options defaults;

        public Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        /// <exception cref="ArgumentException">A negative rate or decay, or a β outside [0, 1).</exception>
        /// <exception cref="NotSupportedException">The AMSGrad variant.</exception>
        public Adam(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (lr < 0 || weight_decay < 0 || eps < 0)
            {
                throw new ArgumentException("Learning rate, weight decay and eps must not be negative.");
            }
            if (beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1)
            {
                throw new ArgumentException("The decay rates of Adam must be in [0, 1).");
            }
            defaults = new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            };
            foreach (var group in parameters)
            {
                group.Options ??= new Options();
                group.Options.CompleteFrom(defaults);
                if (group.Options.amsgrad!.Value)
                {
                    throw new NotSupportedException("Adam without the AMSGrad variant only.");
                }
                Add(group, parameter => new State(parameter));
            }
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Step(closure, (group, parameter, gradient) =>
        {
            var options = ((ParamGroup)group).Options;
            var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
            var state = (State)states[parameter];
            if (options.maximize!.Value)
            {
                gradient = -gradient;
            }
            if (options.weight_decay!.Value is not 0 and var decay)
            {
                gradient = gradient.add(parameter, decay);
            }
            state.step += 1;
            state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            var correction1 = 1 - Math.Pow(beta1, state.step);
            var correction2 = 1 - Math.Pow(beta2, state.step);
            var denominator = (state.exp_avg_sq.sqrt() / Math.Sqrt(correction2)).add_(options.eps!.Value);
            parameter.addcdiv_(state.exp_avg, denominator, -(options.LearningRate!.Value / correction1));
        });

        protected override void Dispose(bool disposing)
        {
            foreach (var state in states.Values.Cast<State>())
            {
                state.Dispose();
            }
            states.Clear();
            base.Dispose(disposing);
        }

        /// <summary>Number of steps and running moments of one parameter's gradient.</summary>
        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public void Dispose()
            {
                exp_avg?.Dispose();
                exp_avg_sq?.Dispose();
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                exp_avg.Save(writer);
                exp_avg_sq.Save(writer);
                // Here the AMSGrad variant has its maximum.
                SaveConditionalStateTensor(writer, null);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                exp_avg.Load(reader);
                exp_avg_sq.Load(reader);
                Tensor? maximum = null;
                LoadConditionalStateTensor(reader, ref maximum, CPU);
                maximum?.Dispose();
            }

            public override void LoadStateDict(OptimizerState source)
            {
                var other = (State)source;
                Dispose();
                step = other.step;
                exp_avg = Copy(other.exp_avg)!;
                exp_avg_sq = Copy(other.exp_avg_sq)!;
            }

            public override void Initialize(OptimizerOptions options)
            {
                Dispose();
                step = 0;
                exp_avg = zeros_like(_parameter).DetachFromDisposeScope();
                exp_avg_sq = zeros_like(_parameter).DetachFromDisposeScope();
            }
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(beta1!.Value);
                writer.Write(beta2!.Value);
                writer.Write(eps!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(amsgrad!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                beta1 = reader.ReadDouble();
                beta2 = reader.ReadDouble();
                eps = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                amsgrad = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                beta1 = other.beta1;
                beta2 = other.beta2;
                eps = other.eps;
                weight_decay = other.weight_decay;
                amsgrad = other.amsgrad;
                maximize = other.maximize;
            }

            internal void CompleteFrom(Options other)
            {
                LearningRate ??= other.LearningRate;
                beta1 ??= other.beta1;
                beta2 ??= other.beta2;
                eps ??= other.eps;
                weight_decay ??= other.weight_decay;
                amsgrad ??= other.amsgrad;
                maximize ??= other.maximize;
            }
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                })
            {
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
