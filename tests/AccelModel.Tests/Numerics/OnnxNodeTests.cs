// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>ONNX rounds half to even and clamps to 0..255; its scales are floats, ours their multipliers.</summary>
public sealed class OnnxNodeTests
{
    private const string Folder = "onnx_node";

    /// <summary>Wide enough that no product of these cases comes near a tie that the float scale would not have.</summary>
    private const int MultiplierWidth = 32;

    [Fact]
    public void QuantizeLinear_divides_rounds_half_to_even_and_saturates()
    {
        CaseFile node = CaseFile.Load(Folder, "test_quantizelinear");
        Assert.Equal([2.0], Input(node, "y_scale").Doubles("data"));
        OutputRange range = Codes(node, "y_zero_point");
        Assert.Equal(
            Output(node),
            Input(node, "x").Doubles("data").Select(x => Requantizer.ByShift<RoundHalfEven>((long)x, 0, shift: 1, range)));
    }

    [Fact]
    public void QLinearConv_of_one_pixel_kernels_is_a_requantised_product()
    {
        CaseFile node = CaseFile.Load(Folder, "test_qlinearconv");
        Assert.Equal([1, 1, 1, 1], Input(node, "w").Ints("shape"));
        MultiplierShift scale = ScaleOf(node, "x_scale", "w_scale");
        int weight = Single(node, "w") - Single(node, "w_zero_point");
        int zeroPoint = Single(node, "x_zero_point");
        OutputRange range = Codes(node, "y_zero_point");
        Assert.Equal(
            Output(node),
            Input(node, "x").Ints("data").Select(x => Requantizer.ByMultiplierShift<RoundHalfEven>((x - zeroPoint) * weight, 0, scale, range)));
    }

    [Fact]
    public void QLinearMatMul_is_a_requantised_product_of_matrices()
    {
        CaseFile node = CaseFile.Load(Folder, "test_qlinearmatmul_2D");
        int[] a = Input(node, "a").Ints("data"), b = Input(node, "b").Ints("data");
        int rows = Input(node, "a").Ints("shape")[0], depth = Input(node, "a").Ints("shape")[1], columns = Input(node, "b").Ints("shape")[1];
        int aZero = Single(node, "a_zero_point"), bZero = Single(node, "b_zero_point");
        MultiplierShift scale = ScaleOf(node, "a_scale", "b_scale");
        IEnumerable<int> computed =
            from i in Enumerable.Range(0, rows)
            from j in Enumerable.Range(0, columns)
            let sum = Enumerable.Range(0, depth).Sum(k => (a[(i * depth) + k] - aZero) * (b[(k * columns) + j] - bZero))
            select Requantizer.ByMultiplierShift<RoundHalfEven>(sum, 0, scale, Codes(node, "y_zero_point"));
        Assert.Equal(Output(node), computed);
    }

    [Fact]
    public void ConvInteger_keeps_its_accumulators()
    {
        CaseFile node = CaseFile.Load(Folder, "test_convinteger_with_padding");
        int[] x = Input(node, "x").Ints("data"), w = Input(node, "w").Ints("data");
        int zeroPoint = Single(node, "x_zero_point");
        var range = new OutputRange(0, int.MinValue, int.MaxValue);
        IEnumerable<int> computed =
            from row in Enumerable.Range(-1, 4)
            from column in Enumerable.Range(-1, 4)
            let sum = Enumerable.Range(0, 4).Sum(k => Inside(row + (k / 2)) && Inside(column + (k % 2)) ? (x[((row + (k / 2)) * 3) + column + (k % 2)] - zeroPoint) * w[k] : 0)
            select Requantizer.ByShift<RoundFloor>(sum, 0, shift: 0, range);
        Assert.Equal(Output(node), computed);
    }

    private static bool Inside(int index) => index is >= 0 and < 3;

    private static CaseFile Input(CaseFile node, string name) => node.Sections("inputs").Single(input => input.Text("name") == name);

    private static int Single(CaseFile node, string name) => Assert.Single(Input(node, name).Ints("data"));

    private static int[] Output(CaseFile node) => Assert.Single(node.Sections("outputs")).Ints("data");

    private static OutputRange Codes(CaseFile node, string zeroPoint) => new(Single(node, zeroPoint), 0, 255);

    private static MultiplierShift ScaleOf(CaseFile node, string left, string right) => MultiplierShift.FromScale(
        Input(node, left).Doubles("data")[0] * Input(node, right).Doubles("data")[0] / Input(node, "y_scale").Doubles("data")[0],
        MultiplierWidth);
}
