// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>The format of codes with an offset, against formats that are tried one after the other.</summary>
public sealed class OperandFormatTests
{
    [Fact]
    public void Sums_have_the_narrowest_format_that_holds_them_all()
    {
        for (int width = 1; width <= 5; width++)
        {
            foreach (bool signed in new[] { false, true })
            {
                FixedPointFormat codes = new(signed, width, 3);
                for (int offset = -70; offset <= 70; offset++)
                {
                    (long least, long greatest) = (codes.MinRaw + offset, codes.MaxRaw + offset);
                    FixedPointFormat narrowest = Enumerable.Range(1, 12).Select(bits => new FixedPointFormat(least < 0, bits, 0)).First(format => format.Contains(least) && format.Contains(greatest));
                    OperandFormat expected = offset == 0 ? new(signed, width) : new(narrowest.Signed, narrowest.Width);
                    Assert.Equal(expected, OperandFormat.Of(codes, offset));
                }
            }
        }
    }

    [Theory]
    [InlineData(true, 128, false, 8)]
    [InlineData(true, 127, true, 9)]
    [InlineData(false, -128, true, 8)]
    [InlineData(false, -129, true, 9)]
    [InlineData(false, -255, true, 9)]
    public void Zero_points_of_bytes_take_at_most_a_bit_more(bool signed, int offset, bool isSigned, int width) =>
        Assert.Equal(new(isSigned, width), OperandFormat.Of(new(signed, 8, 0), offset));

    [Fact]
    public void The_greatest_offsets_do_not_leave_64_bits() =>
        Assert.Equal(new(true, 33), OperandFormat.Of(new(true, 32, 0), int.MinValue));
}
