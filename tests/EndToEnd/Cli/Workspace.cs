// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>
/// A temporary folder with a small experiment in it: 8 x 8 images of four classes, a network of one convolution and one dense layer, a quick recipe and the
/// smallest design.
/// </summary>
internal sealed class Workspace : IDisposable
{
    /// <summary>Images to train with.</summary>
    public const int TrainingImages = 512;

    /// <summary>Images to test with.</summary>
    public const int TestImages = 64;

    private const int Extent = 8;

    /// <summary>The images as the command imports them; the same for every workspace of a process.</summary>
    private static readonly Lazy<Workspace> Imported = new(() =>
    {
        Workspace place = WithExperiment();
        place.WriteImages("images");
        Codesign.Run(place, "data", "get", "own", "--from", "images").Succeeded();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Dispose();
        return place;
    });

    /// <summary>An empty folder, with a data folder of its own or another's.</summary>
    public Workspace(string? data = null)
    {
        Data = data ?? PathOf("data");
        Directory.CreateDirectory(Data);
    }

    /// <summary>The folder.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("codesign test ").FullName;

    /// <summary>The data folder of commands that run here.</summary>
    public string Data { get; }

    /// <summary>A folder with the small experiment.</summary>
    public static Workspace WithExperiment(string? data = null)
    {
        var place = new Workspace(data);
        place.Write("network.yaml", Network);
        place.Write("training.yaml", Training);
        place.Write("accelerator.yaml", File.ReadAllText(Repository.PathOf("configs/accelerators/tiny-4x4.yaml")));
        place.Write("experiment.yaml", Experiment);
        return place;
    }

    /// <summary>A folder with the small experiment and its images, imported under the name <c>own</c>.</summary>
    public static Workspace WithData()
    {
        Workspace place = WithExperiment();
        place.WriteImages("images");
        CopyFolder(Imported.Value.Data, place.Data);
        return place;
    }

    /// <summary>Absolute path of a file in the folder.</summary>
    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Whether there is such a file or folder.</summary>
    public bool Has(string file) => Path.Exists(PathOf(file));

    /// <summary>The text of a file.</summary>
    public string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Writes a file and the folders above it.</summary>
    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    /// <summary>Replaces a text that must be there once.</summary>
    public void Edit(string file, string from, string to)
    {
        string text = Read(file);
        Assert.Equal(2, text.Split(from).Length);
        Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    public void Copy(string from, string to) => CopyFolder(PathOf(from), PathOf(to));

    /// <summary>The files below a folder, relative to it, in order.</summary>
    public IReadOnlyList<string> FilesBelow(string folder) =>
        [.. Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(PathOf(folder), path)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The results in a run's folder: its files without <c>rtl/build</c>, which holds what the RTL simulators make of the bundle (Icarus writes addresses of
    /// its own memory into its output).
    /// </summary>
    public IReadOnlyList<string> Results(string run) => [.. FilesBelow(run).Where(file => !file.StartsWith("rtl/build/", StringComparison.Ordinal))];

    /// <summary>Results that one of two runs lacks or has with other bytes.</summary>
    public IReadOnlyList<string> Differences(string run, string other)
    {
        IReadOnlyList<string> files = Results(run), others = Results(other);
        return
        [
            .. files.Except(others).Concat(others.Except(files)),
            .. files.Intersect(others).Where(file => !File.ReadAllBytes(PathOf(Path.Combine(run, file))).AsSpan().SequenceEqual(File.ReadAllBytes(PathOf(Path.Combine(other, file))))),
        ];
    }

    /// <summary>Writes IDX files: noise in which one quarter of the image is bright, and which one is the class.</summary>
    public void WriteImages(string folder, int trainingImages = TrainingImages)
    {
        WriteImages(folder, "train", trainingImages, seed: 1);
        WriteImages(folder, "t10k", TestImages, seed: 2);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(from, path)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, file))!);
            File.Copy(Path.Combine(from, file), Path.Combine(to, file), overwrite: true);
        }
    }

    private void WriteImages(string folder, string prefix, int count, int seed)
    {
        var random = new Random(seed);
        var images = new byte[16 + (count * Extent * Extent)];
        var labels = new byte[8 + count];
        Header(images, 0x803, count, Extent, Extent);
        Header(labels, 0x801, count);
        for (int image = 0; image < count; image++)
        {
            int label = random.Next(4);
            labels[8 + image] = (byte)label;
            for (int pixel = 0; pixel < Extent * Extent; pixel++)
            {
                int quarter = (pixel / Extent / (Extent / 2) * 2) + (pixel % Extent / (Extent / 2));
                images[16 + (image * Extent * Extent) + pixel] = (byte)(random.Next(100) + (quarter == label ? 150 : 0));
            }
        }

        Directory.CreateDirectory(PathOf(folder));
        File.WriteAllBytes(PathOf($"{folder}/{prefix}-images-idx3-ubyte"), images);
        File.WriteAllBytes(PathOf($"{folder}/{prefix}-labels-idx1-ubyte"), labels);
    }

    private static void Header(Span<byte> file, params ReadOnlySpan<int> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file[(4 * i)..], words[i]);
        }
    }

    private const string Experiment = """
        name: small
        dataset: own
        network: network.yaml
        training: training.yaml
        accelerator: accelerator.yaml
        test_images: 64
        verification: {simulator: icarus, images: 1}

        """;

    private const string Network = """
        name: small
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 4, kernel: 3, padding: 1}
          - {kind: max_pool, name: pool1, window: 2}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense1, outputs: 4}

        """;

    private const string Training = """
        name: quick
        seed: 1
        threads: 1
        batch_size: 16
        label_smoothing: 0
        shift_pixels: 1
        batch_norm: none
        float_phase:
          epochs: 2
          optimizer: {kind: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 0.0001}
          schedule: {kind: constant}
        quantized_phase:
          warm_start: true
          epochs: 3
          optimizer: {kind: adam, learning_rate: 0.002, weight_decay: 0}
          schedule: {kind: cosine, warmup_epochs: 0.5, final_factor: 0.01}
          weights:
            bits: 4
            grid: signed_narrow
            range: learned_step
            scale: power_of_two
            granularity: per_channel
            rounding: half_up
            gradient: ste_clipped
          activations:
            bits: 4
            grid: unsigned
            range: learned_step
            scale: power_of_two
            granularity: per_tensor
            rounding: half_up
            gradient: ste_clipped
          output:
            bits: 8
            grid: signed
            range: moving_average
            scale: power_of_two
            granularity: per_tensor
            rounding: half_up
            gradient: ste_clipped
          multiplier_width: 12

        """;
}
