// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Stochastic gradient descent: g ← g + decay · p; b ← momentum · b + (1 − dampening) · g (b = g at first);
    /// p ← p − rate · b, or p − rate · (g + momentum · b) with Nesterov (Sutskever et al. 2013, as PyTorch has it).
    /// </summary>
    public class SGD : OptimizerHelper
    {
        private readonly Options defaults;

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        /// <exception cref="ArgumentException">A negative rate, momentum or decay; Nesterov without momentum.</exception>
        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (lr < 0 || momentum < 0 || weight_decay < 0)
            {
                throw new ArgumentException("Learning rate, momentum and weight decay must not be negative.");
            }
            if (nesterov && (momentum <= 0 || dampening != 0))
            {
                throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
            }
            defaults = new Options
            {
                LearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            };
            foreach (var group in parameters)
            {
                group.Options ??= new Options();
                group.Options.CompleteFrom(defaults);
                Add(group, parameter => new State(parameter));
            }
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Step(closure, (group, parameter, gradient) =>
        {
            var options = ((ParamGroup)group).Options;
            var momentum = options.momentum!.Value;
            if (options.weight_decay!.Value is not 0 and var decay)
            {
                gradient = gradient.add(parameter, decay);
            }
            if (momentum != 0)
            {
                var state = (State)states[parameter];
                if (state.momentum_buffer is null)
                {
                    state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                }
                else
                {
                    state.momentum_buffer.mul_(momentum).add_(gradient, 1 - options.dampening!.Value);
                }
                gradient = options.nesterov!.Value ? gradient.add(state.momentum_buffer, momentum) : state.momentum_buffer;
            }
            var rate = options.LearningRate!.Value;
            parameter.add_(gradient, options.maximize!.Value ? rate : -rate);
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

        /// <summary>The running direction of one parameter.</summary>
        public sealed class State : OptimizerState, IDisposable
        {
            public Tensor? momentum_buffer;

            public State(Parameter parameter) : base(parameter)
            {
            }

            public void Dispose() => momentum_buffer?.Dispose();

            public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);

            public override void LoadStateDict(BinaryReader reader) =>
                LoadConditionalStateTensor(reader, ref momentum_buffer, CPU);

            public override void LoadStateDict(OptimizerState source)
            {
                momentum_buffer?.Dispose();
                momentum_buffer = Copy(((State)source).momentum_buffer);
            }

            public override void Initialize(OptimizerOptions options)
            {
                momentum_buffer?.Dispose();
                momentum_buffer = null;
            }
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(momentum!.Value);
                writer.Write(dampening!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(nesterov!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                momentum = other.momentum;
                dampening = other.dampening;
                weight_decay = other.weight_decay;
                nesterov = other.nesterov;
                maximize = other.maximize;
            }

            internal void CompleteFrom(Options other)
            {
                LearningRate ??= other.LearningRate;
                momentum ??= other.momentum;
                dampening ??= other.dampening;
                weight_decay ??= other.weight_decay;
                nesterov ??= other.nesterov;
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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
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
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
