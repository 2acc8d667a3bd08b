// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions with derivatives of their own.</summary>
    public static partial class autograd
    {
        /// <summary>What <c>forward</c> leaves for <c>backward</c>.</summary>
        public class AutogradContext
        {
            private readonly Dictionary<string, object> data = [];

            internal AutogradContext()
            {
            }

            internal List<Tensor> Saved { get; private set; } = [];

            /// <summary>Keeps tensors, inputs or others.</summary>
            public void save_for_backward(List<Tensor> tensors) => Saved = tensors;

            /// <summary>The tensors that were kept, in their order.</summary>
            public List<Tensor> get_saved_variables() => Saved;

            /// <summary>Keeps anything but a tensor.</summary>
            public void save_data(string key, object value) => data[key] = value;

            /// <summary>What was kept under a name.</summary>
            public object get_data(string key) => data[key];
        }

        /// <summary>A function with a derivative of its own.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            internal static T Instance { get; } = new();

            public abstract string Name { get; }
        }

        /// <summary>
        /// A function with a derivative of its own, whose result is one tensor. Called by <see cref="apply"/>, whose arguments may be tensors or anything else; the derivative has an
        /// element for each of them, null where there is none.
        /// </summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            /// <summary>The value; nothing that it does is recorded.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>The derivative, for each argument.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            public static Tensor apply(params object[] vars)
            {
                var context = new AutogradContext();
                Tensor value;
                using (no_grad())
                {
                    value = Instance.forward(context, vars);
                }

                var inputs = vars.OfType<Tensor>().ToArray();
                if (!is_grad_enabled() || !inputs.Any(input => input.requires_grad))
                {
                    return value;
                }

                var saved = context.Saved.ToArray();
                var places = Enumerable.Range(0, vars.Length).Where(i => vars[i] is Tensor).ToArray();
                context.save_for_backward([]);
                var derivative = new Derivative(context, gradient =>
                {
                    var gradients = Instance.backward(context, gradient);
                    return gradients.Count == vars.Length
                        ? [.. places.Select(place => gradients[place])]
                        : throw new InvalidOperationException($"Function {Instance.Name} returned an incorrect number of gradients (expected {vars.Length}), got {gradients.Count}");
                });
                return derivative.Attach(value, inputs, saved);
            }
        }

        /// <summary>The managed half of a node of the graph; the native half tells it when to compute, and when it is gone.</summary>
        private sealed class Derivative(AutogradContext context, Func<Tensor, Tensor?[]> backward)
        {
            private static readonly ConcurrentDictionary<long, Derivative> Alive = new();
            private static long last;

            [ThreadStatic]
            private static ExceptionDispatchInfo? failure;

            internal unsafe Tensor Attach(Tensor value, Tensor[] inputs, Tensor[] saved)
            {
                long id = Interlocked.Increment(ref last);
                Alive[id] = this;
                using TensorList inputList = new(inputs), savedList = new(saved);
                return Tensor.Result(
                    ts_function(value.handle, inputList.Pointers, inputs.Length, savedList.Pointers, saved.Length, id, &Backward, &Release, out var result), result);
            }

            /// <summary>Throws what a derivative threw on this thread since.</summary>
            internal static void ThrowFailure()
            {
                var thrown = failure;
                failure = null;
                thrown?.Throw();
            }

            [UnmanagedCallersOnly]
            private static unsafe int Backward(long id, nint gradient, nint* saved, int savedCount, nint* results, int count)
            {
                try
                {
                    using var scope = NewDisposeScope();
                    using var ungraded = no_grad();
                    var derivative = Alive[id];
                    var tensors = new List<Tensor>();
                    for (int i = 0; i < savedCount; i++)
                    {
                        tensors.Add(Own(saved[i]));
                    }

                    derivative.Context.save_for_backward(tensors);
                    var gradients = derivative.Compute(Own(gradient));
                    derivative.Context.save_for_backward([]);
                    for (int i = 0; i < count; i++)
                    {
                        if (gradients[i] is { } tensor)
                        {
                            var handle = tensor.MoveHandle();
                            results[i] = handle.DangerousGetHandle();
                            handle.SetHandleAsInvalid();
                        }
                    }

                    return 0;
                }
                catch (Exception exception)
                {
                    // No exception crosses the boundary: backward throws it on the other side.
                    failure = ExceptionDispatchInfo.Capture(exception);
                    return 1;
                }
            }

            [UnmanagedCallersOnly]
            private static void Release(long id) => Alive.TryRemove(id, out _);

            private AutogradContext Context => context;

            private Tensor?[] Compute(Tensor gradient) => backward(gradient);

            private static Tensor Own(nint pointer)
            {
                var handle = new TensorHandle();
                Marshal.InitHandle(handle, pointer);
                return new Tensor(handle);
            }
        }

        internal static void ThrowFailure() => Derivative.ThrowFailure();
    }
}
