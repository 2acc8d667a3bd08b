// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Xunit;

namespace Reports.Tests.Figures;

public class ParetoFrontTests
{
    private static readonly Objective<(int X, int Y, int Z)>[] Objectives =
        [new(Goal.Minimize, p => p.X), new(Goal.Maximize, p => p.Y), new(Goal.Minimize, p => p.Z)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Front_equals_the_points_that_no_other_dominates(int objectives)
    {
        var random = new Random(objectives);
        for (int trial = 0; trial < 400; trial++)
        {
            // Few distinct values make ties and duplicates common.
            var points = Enumerable.Range(0, trial % 40).Select(_ => (random.Next(6), random.Next(6), random.Next(6))).ToList();
            var expected = points.Where(p => !points.Any(q => Dominates(q, p, objectives))).ToList();
            Assert.Equal(expected, ParetoFront.Of(points, Objectives[..objectives]));
        }
    }

    [Fact]
    public void Points_with_nan_are_not_on_the_front_and_remove_nobody()
    {
        double[][] points = [[double.NaN, 9], [2, 3], [1, double.NaN], [3, 4]];
        IReadOnlyList<double[]> front = ParetoFront.Of(points, new Objective<double[]>(Goal.Minimize, p => p[0]), new Objective<double[]>(Goal.Maximize, p => p[1]));
        Assert.Equal([points[1], points[3]], front);
    }

    [Fact]
    public void Infinite_values_take_part()
    {
        double[] points = [double.PositiveInfinity, 5, double.NegativeInfinity];
        Assert.Equal([double.NegativeInfinity], ParetoFront.Of(points, new Objective<double>(Goal.Minimize, p => p)));
        Assert.Equal([double.PositiveInfinity], ParetoFront.Of(points, new Objective<double>(Goal.Maximize, p => p)));
    }

    [Fact]
    public void No_objective_is_refused() => Assert.Throws<ArgumentException>(() => ParetoFront.Of<int>([1, 2]));

    // The definition, written with signed differences instead of goals.
    private static bool Dominates((int X, int Y, int Z) a, (int X, int Y, int Z) b, int objectives)
    {
        int[] gains = [b.X - a.X, a.Y - b.Y, b.Z - a.Z];
        return gains.Take(objectives).All(g => g >= 0) && gains.Take(objectives).Any(g => g > 0);
    }
}
