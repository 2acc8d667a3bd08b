// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module registers as one of its parameters.</summary>
    public class Parameter : Tensor
    {
        /// <param name="data">Gives its memory to the parameter and is empty afterwards.</param>
        /// <param name="requires_grad">Whether gradients are computed for it.</param>
        public Parameter(Tensor data, bool requires_grad = true)
            : base(data.with_requires_grad(requires_grad).MoveHandle(), register: false)
        {
            var scope = data.OwningDisposeScope;
            if (scope is not null)
            {
                scope.Remove(data);
                scope.Add(this);
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
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
