// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => ts_requires_grad(handle) != 0;
            set => Check(ts_set_requires_grad(handle, Flag(value)));
        }

        public bool is_leaf => ts_is_leaf(handle) != 0;

        /// <summary>The accumulated gradient, or null before the first <see cref="backward"/>.</summary>
        public Tensor? grad
        {
            get
            {
                Check(ts_grad(handle, out var result));
                return result.IsInvalid ? null : new Tensor(result);
            }
            set => Check(ts_set_grad(handle, HandleOf(value)));
        }

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Adds d(this)/d(leaf) to the gradient of every leaf; this tensor has one element.</summary>
        public void backward()
        {
            var code = ts_backward(handle);
            autograd.ThrowFailure();
            Check(code);
        }

        /// <summary>The same values outside the differentiation graph.</summary>
        public Tensor detach() => Result(ts_detach(handle, out var r), r);
    }

    /// <summary>Operations of this thread are not recorded for differentiation until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => ts_grad_enabled() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly int previous = ts_grad_enabled();

        internal GradMode(bool enabled) => ts_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => ts_set_grad_enabled(previous);
    }
}
