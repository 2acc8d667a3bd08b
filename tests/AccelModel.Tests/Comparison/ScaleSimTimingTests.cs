// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Comparison;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>The closed form gives what SCALE-Sim reported.</summary>
public sealed class ScaleSimTimingTests
{
    [Fact]
    public void Every_expected_compute_cycle_count_is_met()
    {
        int rows = 0;
        foreach (string[] row in ScaleSimCases.Rows("expected_compute_cycles.csv"))
        {
            TopologyLayer layer = Assert.Single(ScaleSimCases.Topology(row[0]).Layers, layer => layer.Name == row[4]);
            ScaleSimFigures figures = ScaleSimTiming.Of(ScaleSimCases.Dataflow(row[1]), ScaleSimCases.Int(row[2]), ScaleSimCases.Int(row[3]), layer.Shape);
            Assert.Equal((string.Join(',', row), row[5]), (string.Join(',', row), figures.Cycles.ToString(CultureInfo.InvariantCulture)));
            rows++;
        }

        // Six layers, three dataflows, three arrays.
        Assert.Equal(6 * 3 * 3, rows);
    }

    [Theory]
    [InlineData("small_conv")]
    [InlineData("small_gemm")]
    public void Every_report_of_small_layers_is_met_in_cycles_utilisation_and_mapping_efficiency(string topology)
    {
        TopologyLayer[] layers = [.. ScaleSimCases.Topology(topology).Layers];
        string[][] rows = [.. ScaleSimCases.Rows("expected_reports.csv").Where(row => row[0] == topology)];

        // Four arrays and three dataflows; the layers, channels of depthwise rows among them, follow each other in the order of the file.
        Assert.Equal(12 * layers.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            string[] row = rows[i];
            TopologyLayer layer = layers[i % layers.Length];
            Assert.Equal(row[4], layer.Name);
            ScaleSimFigures figures = ScaleSimTiming.Of(ScaleSimCases.Dataflow(row[1]), ScaleSimCases.Int(row[2]), ScaleSimCases.Int(row[3]), layer.Shape);
            Assert.Equal(row[5], figures.Cycles.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(double.Parse(row[6], CultureInfo.InvariantCulture) / 100, figures.Utilization!.Value, 1e-12);
            Assert.Equal(double.Parse(row[7], CultureInfo.InvariantCulture) / 100, figures.MappingEfficiency, 1e-12);
        }
    }

    [Fact]
    public void One_product_on_one_element_takes_0_cycles_and_has_no_utilisation()
    {
        ScaleSimFigures figures = ScaleSimTiming.Of(Dataflow.OutputStationary, 1, 1, new(1, 1, 1));
        Assert.Equal(0, figures.Cycles);
        Assert.Null(figures.Utilization);
        Assert.Equal(1, figures.MappingEfficiency);
    }

    [Theory]
    [InlineData(Dataflow.OutputStationary, 1L << 61, 1, 1)]
    [InlineData(Dataflow.WeightStationary, 1, 1, 1L << 61)]
    [InlineData(Dataflow.InputStationary, 1, 1, 1L << 61)]
    public void Cycles_that_leave_64_bits_are_not_returned(Dataflow dataflow, long m, long n, long k)
    {
        // 2^61 folds, of one product each on one row of 65,536 columns.
        var shape = new GemmShape(m, n, k);
        Assert.InRange(ScaleSimTiming.Of(dataflow, 1, 1, shape).Cycles, (1L << 61) - 1, (1L << 62) - 1);
        Assert.Throws<OverflowException>(() => ScaleSimTiming.Of(dataflow, 1, ComparedArray.MaxExtent, shape));
    }
}
