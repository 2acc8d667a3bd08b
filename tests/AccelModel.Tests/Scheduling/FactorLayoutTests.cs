// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using AccelModel.Tests.Hardware;
using Xunit;

namespace AccelModel.Tests.Scheduling;

/// <summary>The factor buffer: every element of a line at the address that the second tensor's element has, all of them in banks of their own.</summary>
public sealed class FactorLayoutTests
{
    public static TheoryData<Dataflow, int, int, int> Arrays
    {
        get
        {
            TheoryData<Dataflow, int, int, int> arrays = [];
            foreach (Dataflow dataflow in Enum.GetValues<Dataflow>())
            {
                arrays.Add(dataflow, 2, 3, 1);
                arrays.Add(dataflow, 3, 2, 2);
                arrays.Add(dataflow, 4, 5, 3);
                arrays.Add(dataflow, 5, 1, 4);
            }
            return arrays;
        }
    }

    [Theory, MemberData(nameof(Arrays))]
    public void A_line_holds_the_elements_of_its_products_and_channels(Dataflow dataflow, int rows, int columns, int lanes)
    {
        AcceleratorSpec spec = Bench.Spec(rows, columns);
        spec = spec with { Array = spec.Array with { Dataflow = dataflow, Lanes = lanes, ActivationWeights = true } };
        int vector = rows * lanes;
        foreach (bool transposed in new[] { true, false })
        {
            for (int run = 1; run < 40; run++)
            {
                FactorLayout layout = FactorLayout.Of(spec, transposed, run);
                MatmulInstruction matmul = Bench.Matmul(1, 1) with
                {
                    ActivationWeights = true, WeightColumnPitch = layout.ColumnPitch, WeightLanePitch = layout.LanePitch, WeightLineStride = layout.LineStride, WeightSegmentStride = layout.SegmentStride,
                };
                Assert.True(FactorLayout.AreApart(matmul, spec), $"{transposed} {run}");
                Assert.True(layout.PixelPitch >= run);

                // Product k and channel n: pixel n, element k where it is transposed, else pixel k, element n.
                int Address(int k, int n) => transposed ? (n * layout.PixelPitch) + k : (k * layout.PixelPitch) + n;
                for (int k = 0; k < 3 * vector; k++)
                {
                    (int segment, int product) = Math.DivRem(k, vector);
                    for (int n = 0; n < columns; n++)
                    {
                        int found = dataflow == Dataflow.InputStationary
                            ? (segment * layout.SegmentStride) + (n * layout.LineStride) + (product * layout.ColumnPitch)
                            : (segment * layout.SegmentStride) + (product / lanes * layout.LineStride) + (n * layout.ColumnPitch) + (product % lanes * layout.LanePitch);
                        Assert.Equal(Address(k, n), found);
                    }
                }
            }
        }
    }
}
