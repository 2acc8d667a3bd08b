// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

public sealed class PointwiseTests : TorchTest
{
    private static readonly double[] Samples = [-3.5, -2.5, -1.5, -0.75, -0.5, 0, 0.25, 0.5, 1, 1.5, 2.5, 7.75];

    public static TheoryData<string> UnaryNames => new(Unary.Keys);

    private static readonly Dictionary<string, (Func<Tensor, Tensor> tensor, Func<double, double> scalar)> Unary = new()
    {
        ["abs"] = (x => x.abs(), Math.Abs),
        ["neg"] = (x => -x, x => -x),
        ["sign"] = (x => x.sign(), x => Math.Sign(x)),
        ["floor"] = (x => x.floor(), Math.Floor),
        ["ceil"] = (x => x.ceil(), Math.Ceiling),
        ["trunc"] = (x => x.trunc(), Math.Truncate),
        ["round"] = (x => x.round(), x => Math.Round(x, MidpointRounding.ToEven)),
        ["relu"] = (x => x.relu(), x => Math.Max(x, 0)),
        ["exp"] = (x => x.exp(), Math.Exp),
        ["exp2"] = (x => x.exp2(), x => Math.Pow(2, x)),
        ["square"] = (x => x.square(), x => x * x),
        ["tanh"] = (x => x.tanh(), Math.Tanh),
        ["sigmoid"] = (x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["sqrt of abs"] = (x => x.abs().sqrt(), x => Math.Sqrt(Math.Abs(x))),
        ["log of abs + 1"] = (x => (x.abs() + 1).log(), x => Math.Log(Math.Abs(x) + 1)),
        ["log2 of abs + 1"] = (x => (x.abs() + 1).log2(), x => Math.Log2(Math.Abs(x) + 1)),
        ["rsqrt of abs + 1"] = (x => (x.abs() + 1).rsqrt(), x => 1 / Math.Sqrt(Math.Abs(x) + 1)),
        ["reciprocal of x + 5"] = (x => (x + 5).reciprocal(), x => 1 / (x + 5)),
        ["x to the 3rd"] = (x => x.pow(3), x => x * x * x),
        ["2 - x"] = (x => 2 - x, x => 2 - x),
        ["x - 0.5"] = (x => x - 0.5, x => x - 0.5),
        ["3 * x"] = (x => 3 * x, x => 3 * x),
        ["x / 4"] = (x => x / 4, x => x / 4),
        ["1 / (x + 5)"] = (x => 1 / (x + 5), x => 1 / (x + 5)),
        ["clamp"] = (x => x.clamp(-1, 2), x => Math.Clamp(x, -1, 2)),
        ["clamp below only"] = (x => x.clamp(-1), x => Math.Max(x, -1)),
        ["clamp above only"] = (x => x.clamp(null, (Scalar)2), x => Math.Min(x, 2)),
        ["remainder"] = (x => x % 2, x => x - 2 * Math.Floor(x / 2)),
        ["division to the floor"] = (x => x.div(0.5, RoundingMode.floor), x => Math.Floor(x / 0.5)),
        ["division towards zero"] = (x => x.div(2, RoundingMode.trunc), x => Math.Truncate(x / 2)),
    };

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void A_function_of_one_tensor_is_its_formula_at_every_element(string name)
    {
        var (function, formula) = Unary[name];
        AssertValues(Samples.Select(formula).ToArray(), function(Of(Samples)), 1e-11);
    }

    [Fact]
    public void Operations_on_two_tensors_pair_elements()
    {
        double[] a = [1, -2, 3, 4], b = [2, 2, -3, 0.5];
        AssertValues([3, 0, 0, 4.5], Of(a) + Of(b));
        AssertValues([-1, -4, 6, 3.5], Of(a) - Of(b));
        AssertValues([2, -4, -9, 2], Of(a) * Of(b));
        AssertValues([0.5, -1, -1, 8], Of(a) / Of(b));
        AssertValues([2, 2, 3, 4], Of(a).maximum(Of(b)));
        AssertValues([1, -2, -3, 0.5], minimum(Of(a), Of(b)));
        AssertValues([1.5, -1.5, 2.25, 4.125], Of(a).add(Of(b), 0.25));
    }

    [Fact]
    public void Comparisons_are_elementwise_and_boolean()
    {
        var x = Of(-1, 0, 1);
        Assert.Equal(ScalarType.Bool, (x > 0).dtype);
        AssertValues([0, 0, 1], x > 0);
        AssertValues([0, 1, 1], x >= 0);
        AssertValues([1, 0, 0], x < 0);
        AssertValues([1, 1, 0], x <= 0);
        AssertValues([0, 1, 0], x == 0);
        AssertValues([1, 0, 1], x != 0);
        AssertValues([0, 1, 0], x == -x);
        AssertValues([0, 1, 0], (x > -1).logical_and(x < 1));
    }

    [Fact]
    public void Where_takes_from_the_first_tensor_where_the_condition_holds()
    {
        var x = Of(-2, 3, -4);
        AssertValues([0, 3, 0], where(x > 0, x, zeros_like(x)));
        AssertValues([9, 3, 9], x.masked_fill(x < 0, 9));
    }

    [Fact]
    public void An_integer_scalar_keeps_integers_and_a_real_one_makes_them_float()
    {
        var x = tensor(new long[] { 1, 2, 3 });
        Assert.Equal(ScalarType.Int64, (x * 2).dtype);
        Assert.Equal(ScalarType.Float32, (x * 0.5).dtype);
        Assert.Equal(ScalarType.Float32, (x / 2).dtype);
    }

    [Fact]
    public void In_place_operations_change_the_tensor_they_return()
    {
        var x = Of(1, 2, 3);
        Assert.Same(x, x.add_(1).mul_(2).sub_(1).div_(3).clamp_(1.5, 2));
        AssertValues([1.5, 5.0 / 3, 2], x);
        AssertValues([0, 0, 0], x.zero_());
        AssertValues([4, 4, 4], x.fill_(4));
        AssertValues([7, 10, 13], x.copy_(Of(1, 2, 3)).mul_(Of(3, 3, 3)).add_(Of(2, 2, 2), 2));
        AssertValues([9, 14, 19], x.addcmul_(Of(1, 2, 3), Of(4, 4, 4), 0.5));
        AssertValues([10, 15, 20], x.addcdiv_(Of(2, 4, 6), Of(1, 2, 3), 0.5));
    }

    [Fact]
    public void Not_a_number_and_infinity_are_found()
    {
        var x = Of(1, double.NaN, double.PositiveInfinity);
        AssertValues([0, 1, 0], x.isnan());
        AssertValues([1, 0, 0], x.isfinite());
    }

    [Fact]
    public void Allclose_compares_with_an_absolute_and_a_relative_tolerance()
    {
        Assert.True(Of(100, 1).allclose(Of(101, 1), 0.01));
        Assert.False(Of(100, 1).allclose(Of(102, 1), 0.01));
        Assert.True(Of(0.0).allclose(Of(0.1), 0, 0.1));
    }
}
