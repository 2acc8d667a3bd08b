// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Comparison;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>Topology files as SCALE-Sim's users have them.</summary>
public sealed class TopologyFileTests
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

    /// <summary>Ways to write one convolution: 6 x 5 input, 3 x 2 filters, 4 channels, 7 filters, stride 1: M = 4*4, N = 7, K = 24.</summary>
    public static TheoryData<string> SameConvolution =>
    [
        $"{Header}\nconv,6,5,3,2,4,7,1,\n",
        $"{Header}\nconv,6,5,3,2,4,7,1",
        $"{Header}\r\nconv,6,5,3,2,4,7,1,\r\n",
        $"{Header}\rconv,6,5,3,2,4,7,1,\r",
        $"{Header}\n\n   \n  conv ,  6,5\t, 3 ,2 ,4,7, 1 ,   \n\n",
        $"{Header}\n,,,,,,,,,\nconv,6,5,3,2,4,7,1,,,,,\n,,,\n",
        $"{Header}\nconv,6,5,3,2,4,7,1,1:1,\n",
        $"{Header}\nconv,6,5,3,2,4,7,1,04 : 4",
        $"{Header}\nconv,6,5,3,2,4,7,1, # a comment, with a comma",
        $"{Header}\nconv,6,5,3,2,4,7,1,1:1,#dw",
        $"{Header}\nconv,06,5,3,2,+4,7,001,",
        "whatever\nconv,6,5,3,2,4,7,1,\n",
        "M,N,K\nconv,6,5,3,2,4,7,1,\n",
        ",,,\nconv,6,5,3,2,4,7,1,\n",
        "\nconv,6,5,3,2,4,7,1,\n",
        $"\n{Header}\nconv,6,5,3,2,4,7,1,\n",
    ];

    [Theory]
    [MemberData(nameof(SameConvolution))]
    public void A_convolution_reads_the_same_however_its_lines_end_and_are_spaced(string text)
    {
        foreach (Topology topology in (Topology[])[Parse(text), Load([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)])])
        {
            TopologyLayer layer = Assert.Single(topology.Layers);
            Assert.Equal(("conv", new GemmShape(16, 7, 24)), (layer.Name, layer.Shape));
            Assert.Equal(TopologyFormat.Convolution, topology.Format);
            Assert.Null(topology.SkippedLayer);
        }
    }

    [Theory]
    [InlineData("Layer, M, N, K,\ngemm, 3, 5, 16,\n")]
    [InlineData("Layer,M,N,K\r\ngemm,3,5,16")]
    [InlineData("L,m,n,k,\ngemm,3,5,16,\n")]
    [InlineData("Layer Name, M, N, K, Sparsity,\ngemm, 3, 5, 16, 2:2,\n")]
    [InlineData("\n\nLayer, M, N, K,\n\ngemm, 3, 5, 16,,,,\n")]
    [InlineData("anything\ngemm,3,5,16\n")]
    [InlineData("Name,Rows,Columns,Inner\ngemm,3,5,16,\n")]
    public void A_matrix_product_is_known_by_its_header_or_by_its_columns(string text)
    {
        Topology topology = Parse(text);
        TopologyLayer layer = Assert.Single(topology.Layers);
        Assert.Equal(("gemm", new GemmShape(3, 5, 16)), (layer.Name, layer.Shape));
        Assert.Equal(TopologyFormat.Gemm, topology.Format);
    }

    [Fact]
    public void Output_extents_count_every_window_that_begins_before_the_last_full_one_ends()
    {
        for (int input = 1; input <= 9; input++)
        {
            for (int filter = 1; filter <= input; filter++)
            {
                for (int stride = 1; stride <= 5; stride++)
                {
                    // SCALE-Sim: ceil((input - filter + stride) / stride); here by steps: the first window, then one for each further stride, full or not.
                    int windows = 1;
                    for (int last = 0; last < input - filter; last += stride)
                    {
                        windows++;
                    }

                    TopologyLayer layer = Assert.Single(Parse($"{Header}\nc,{input},1,{filter},1,2,3,{stride},").Layers);
                    Assert.Equal(new GemmShape(windows, 3, 2 * filter), layer.Shape);
                }
            }
        }
    }

    [Fact]
    public void A_depthwise_row_is_one_layer_of_one_channel_for_each_channel()
    {
        Topology topology = Parse($"{Header}\na,4,4,1,1,2,5,1,\nconvDP2,6,5,3,2,3,7,1,\nz,4,4,1,1,2,5,1,");
        Assert.Equal(["a", "convDP2Channel_0", "convDP2Channel_1", "convDP2Channel_2", "z"], topology.Layers.Select(layer => layer.Name));
        Assert.All(topology.Layers[1..4], layer => Assert.Equal(new GemmShape(16, 7, 6), layer.Shape));
        Assert.All(topology.Layers[1..4], layer => Assert.Equal(3, layer.Position.Line));
    }

    [Fact]
    public void Only_convolutions_are_depthwise() =>
        Assert.Equal(new GemmShape(3, 5, 16), Assert.Single(Parse("L,M,N,K\nDP,3,5,16").Layers).Shape);

    [Fact]
    public void A_first_line_that_reads_as_a_layer_is_skipped_and_told()
    {
        Topology topology = Parse("first,6,5,3,2,4,7,1,\nsecond,6,5,3,2,4,7,1,\n");
        Assert.Equal("second", Assert.Single(topology.Layers).Name);
        Assert.Equal(new SpecPosition("t.csv", 1, 1), topology.SkippedLayer);
    }

    [Fact]
    public void Names_may_repeat_be_empty_and_hold_anything_but_commas()
    {
        Topology topology = Parse("Layer,M,N,K,\nä b,1,2,3,\nä b,1,2,3,\n,1,2,3,\n\"q\",1,2,3,\n");
        Assert.Equal(["ä b", "ä b", "", "\"q\""], topology.Layers.Select(layer => layer.Name));
    }

    private static Topology Parse(string text)
    {
        var issues = new SpecIssues();
        Topology? topology = TopologyFile.Parse(text, "t.csv", issues);
        Assert.Empty(issues);
        return topology!;
    }

    private static Topology Load(byte[] bytes)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            var issues = new SpecIssues();
            Topology? topology = TopologyFile.Load(path, issues);
            Assert.Empty(issues);
            return topology!;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
