// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks.Generation;

public sealed class FunctionTableTests
{
    public static TheoryData<LookupFunction, FixedPointFormat, FixedPointFormat> Cases
    {
        get
        {
            TheoryData<LookupFunction, FixedPointFormat, FixedPointFormat> cases = [];
            foreach (LookupFunction function in Enum.GetValues<LookupFunction>())
            {
                foreach (FixedPointFormat input in new FixedPointFormat[] { new(true, 8, 4), new(false, 8, 5), new(true, 4, 0), new(true, 2, -2), new(false, 8, 8) })
                {
                    foreach (FixedPointFormat output in new FixedPointFormat[] { new(false, 8, 8), new(true, 8, 7), new(true, 8, 4), new(true, 4, 0) })
                    {
                        cases.Add(function, input, output);
                    }
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Each_entry_is_the_nearest_code(LookupFunction function, FixedPointFormat input, FixedPointFormat output)
    {
        var table = FunctionTable.Of(function, input, output);
        Assert.Equal(1 << input.Width, table.Length);
        for (long code = input.MinRaw; code <= input.MaxRaw; code++)
        {
            double x = code * Math.Pow(2, -input.FractionBits);
            double exact = Math.Clamp(Value(function, x) * Math.Pow(2, output.FractionBits), output.MinRaw, output.MaxRaw);
            Assert.InRange(table[(int)(code - input.MinRaw)] - exact, -0.5 - 1e-7, 0.5 + 1e-7);
        }
    }

    private static double Value(LookupFunction function, double x) => function switch
    {
        LookupFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        LookupFunction.Tanh => Math.Tanh(x),
        LookupFunction.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        _ => x * NormalBelow(x),
    };

    /// <summary>Simpson's rule from 0.</summary>
    private static double NormalBelow(double x)
    {
        double sum = 0;
        const int steps = 4000;
        double h = x / steps;
        for (int i = 0; i <= steps; i++)
        {
            double t = i * h;
            sum += (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-t * t / 2);
        }

        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
