// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps;
using EndToEnd.House;
using NnTrain.Data;
using NnTrain.Training;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Tests that train: one after the other, since the tensor library's threads belong to the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Training
{
    public const string Name = "training";
}

/// <summary>A temporary folder with an experiment that trains in a moment: a convolution and a dense layer on a few images of three kinds of stripes, which stand in for MNIST.</summary>
internal sealed class TinyExperiment : IDisposable
{
    public const string Dataset = "mnist";

    private const int Extent = 28;
    private const int Kinds = 3;

    public TinyExperiment()
    {
        Write("network.yaml", """
            name: tiny
            input: {height: 28, width: 28, channels: 1}
            layers:
              - {kind: conv2d, name: conv, channels: 4, kernel: 7, stride: 4}
              - {kind: max_pool, name: pool, window: 2}
              - {kind: flatten, name: flatten}
              - {kind: dense, name: dense, outputs: 10}
            """);
        Write("training.yaml", $$"""
            base: {{Repository.PathOf("configs/training/w4a4.yaml")}}
            name: tiny
            threads: 1
            batch_size: 16
            float_phase: {epochs: 2}
            quantized_phase: {epochs: 2, multiplier_width: 12}
            """);
        Write("experiment.yaml", $$"""
            name: tiny
            description: a tiny network on stripes
            dataset: {{Dataset}}
            network: network.yaml
            training: training.yaml
            accelerator: {{Repository.PathOf("configs/accelerators/tiny-4x4.yaml")}}
            test_images: 24
            """);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("codesign-sweep-").FullName;

    public string PathOf(string file) => Path.Combine(Root, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text.ReplaceLineEndings("\n") + "\n");
        return PathOf(file);
    }

    /// <summary>A sweep over the experiment with the given axes, one per line in flow style.</summary>
    public SweepSpec Sweep(params string[] axes)
    {
        AccelModel.Specification.Yaml.SpecIssues issues = [];
        string file = Write("sweep.yaml", "name: tiny\nexperiment: experiment.yaml\naxes:\n" + string.Concat(axes.Select(axis => $"  - {axis}\n")));
        SweepSpec? sweep = SweepFile.Load(file, issues);
        Assert.Empty(issues);
        return sweep!;
    }

    /// <summary>Images of a name; any other than <see cref="Dataset"/> has stripes at other places.</summary>
    public static ImageSets Images(string name) => new(Stripes(name, 96, 1), Stripes(name, 16, 2), Stripes(name, 32, 3));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static ImageSet Stripes(string name, int count, int seed)
    {
        var random = new Random(seed + (name == Dataset ? 0 : 100));
        byte[] labels = [.. Enumerable.Range(0, count).Select(image => (byte)(image % Kinds))];
        var pixels = new byte[count * Extent * Extent];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int image, int y, int x) = (i / (Extent * Extent), i / Extent % Extent, i % Extent);
            int phase = labels[image] switch { 0 => y, 1 => x, _ => x + y };
            pixels[i] = (byte)((phase % 8 < 4 ? 200 : 40) + random.Next(-40, 41));
        }

        return new()
        {
            Name = name, Height = Extent, Width = Extent, Channels = 1, Pixels = pixels, Labels = labels, ClassNames = [.. "0123456789".Select(digit => digit.ToString())],
        };
    }
}
