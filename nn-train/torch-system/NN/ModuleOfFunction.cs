// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module that computes a function of one argument.</summary>
        public abstract class Module<T, TResult> : Module
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }

        /// <summary>A module that computes a function of two arguments.</summary>
        public abstract class Module<T1, T2, TResult> : Module
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2) => forward(input1, input2);
        }
    }
}
