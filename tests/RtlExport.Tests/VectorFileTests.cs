// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Are vector files what docs/rtl.md says?</summary>
public sealed class VectorFileTests
{
    private static readonly BundleStamp Stamp = new(Bundles.Configuration, new string('e', 64));

    /// <summary>The worked example of the page.</summary>
    [Fact]
    public void A_file_has_a_head_with_count_and_checksum_and_a_word_per_line()
    {
        string head = $"// configuration_sha256 {Bundles.Configuration} hardware_sha256 {new string('e', 64)} words 2 checksum 5d6a437e\n";
        Assert.Equal(head + "005\n00a\n", MemhFile.Write(Stamp, 10, [[5], [10]]));
    }

    [Fact]
    public void A_wide_word_has_its_lowest_part_at_the_right() =>
        Assert.EndsWith("\n1deadbeef0badcafe\n", MemhFile.Write(Stamp, 65, [[0x0badcafe, 0xdeadbeef, 1]]), StringComparison.Ordinal);

    /// <summary>Every element of a layer's output is stored exactly once, at its place in the feature map, with the model's code.</summary>
    [Fact]
    public void The_stores_of_a_layer_cover_its_output_once()
    {
        Sample sample = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp));
        for (int layer = 0; layer < sample.Schedule.Layers.Length; layer++)
        {
            var map = sample.Schedule.Layers[layer].Output;
            var stored = new Dictionary<int, int>();
            foreach (StoredWord word in new StoredWords(sample.Schedule, sample.Vectors).Of(image: 1).Where(word => word.Layer == layer))
            {
                for (int k = 0; k < word.Data.Length; k++)
                {
                    if (word.Strobes[k])
                    {
                        stored.Add((word.Address * word.Data.Length) + k, word.Data[k]);
                    }
                    else
                    {
                        Assert.Equal(0, word.Data[k]);
                    }
                }
            }

            Assert.Equal(map.Tensor.Elements, stored.Count);
            int index = map.Tensor.Elements;
            for (int y = 0; y < map.Tensor.Height; y++)
            {
                for (int x = 0; x < map.Tensor.Width; x++)
                {
                    for (int c = 0; c < map.Tensor.Channels; c++)
                    {
                        int code = sample.Vectors.LayerOutputs[layer][index++];
                        Assert.Equal(code & 0xFF, stored[map.Element(y, x, c)]);
                    }
                }
            }
        }
    }
}
