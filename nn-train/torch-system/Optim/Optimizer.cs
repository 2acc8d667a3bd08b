// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters so that a loss becomes smaller.</summary>
        public abstract class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer()
            {
            }

            /// <summary>The learning rates, one per group; may be set between steps.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Sets all gradients to zero.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            /// <summary>One step along the gradients of now.</summary>
            /// <param name="closure">Computes the loss anew before the step; its value is returned.</param>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The optimizer's state: options per group, state per parameter in order of the groups.</summary>
            public class StateDictionary
            {
                internal StateDictionary(IEnumerable<OptimizerOptions> options, IEnumerable<OptimizerState> state) =>
                    (Options, State) = (options.ToList(), state.ToList());

                public List<OptimizerOptions> Options { get; }

                public List<OptimizerState> State { get; }
            }
        }

        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }
    }
}
