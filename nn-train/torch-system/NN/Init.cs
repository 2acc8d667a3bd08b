// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values of parameters, drawn from the default generator.</summary>
        public static partial class init
        {
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public enum NonlinearityType
            {
                Linear = 0,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public static Tensor zeros_(Tensor tensor) => Without(() => tensor.zero_());

            public static Tensor ones_(Tensor tensor) => Without(() => tensor.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Without(() => tensor.fill_(val));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Without(() => tensor.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0.0, double std = 1.0, Generator? generator = null) =>
                Without(() => tensor.normal_(mean, std, generator));

            /// <summary>Uniform in ±√3 · gain / √fan (He et al. 2015, equation 10).</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain / √fan (He et al. 2015, equation 10).</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>The factor by which a nonlinearity shrinks a signal's deviation, inverted.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + Math.Pow(param, 2))),
                _ => 1.0,
            };

            /// <summary>Products per output and per input: channels × elements of the kernel.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two axes.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                }
                var kernel = shape[2..].Aggregate(1L, (product, extent) => product * extent);
                return (shape[1] * kernel, shape[0] * kernel);
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static Tensor Without(Func<Tensor> change)
            {
                using var ungraded = no_grad();
                return change();
            }
        }
    }
}
