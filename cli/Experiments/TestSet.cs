// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AccelModel.Networks;
using AccelModel.Numerics;
using Cli.CommandLine;
using NnTrain.Data;

namespace Cli.Experiments;

/// <summary>Images as input codes of a network, with their labels.</summary>
/// <param name="Codes">Image after image, rows, columns, channels.</param>
/// <param name="Labels">One class per image.</param>
/// <param name="ClassNames">Name of each class.</param>
public sealed record TestSet(int[] Codes, int[] Labels, IReadOnlyList<string> ClassNames)
{
    /// <summary>Images.</summary>
    public int Images => Labels.Length;

    /// <summary>SHA-256 of codes and labels, 32-bit words.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Codes.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes images and labels as two <c>.npy</c> files.</summary>
    public void Save(string imagesFile, string labelsFile, TensorSpec input)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(imagesFile)!);
        NpyFile.Save(imagesFile, NpyArray.FromIntegers<int>(NpyTypes.For(input.Format), [Images, input.Height, input.Width, input.Channels], Codes));
        NpyFile.Save(labelsFile, NpyArray.FromIntegers<int>(NpyType.Int32, [Images], Labels));
    }

    /// <summary>The first <paramref name="images"/> images, or all.</summary>
    public TestSet Take(int images)
    {
        if (images >= Images)
        {
            return this;
        }

        int elements = Codes.Length / Images;
        return new(Codes[..(images * elements)], Labels[..images], ClassNames);
    }

    /// <summary>Pixels as codes.</summary>
    public static TestSet Of(ImageSet images) => new(
        Array.ConvertAll(images.Pixels, pixel => (int)pixel), Array.ConvertAll(images.Labels, label => (int)label), images.ClassNames);

    /// <summary>Reads images and labels, one class for each of <paramref name="network"/>'s outputs, from two <c>.npy</c> files.</summary>
    /// <exception cref="CommandException">Their shapes do not fit the network or each other, a code is outside its format, or a label is no output.</exception>
    public static TestSet Load(string imagesFile, string labelsFile, IntegerNetwork network)
    {
        InputCodes codes = InputCodes.Load(imagesFile, network.Input);
        NpyArray array = NpyFile.Load(labelsFile);
        IntegerArray.Require(array, labelsFile);
        if (array.Shape.Length != 1 || array.Shape[0] != codes.Images)
        {
            throw new CommandException(ExitCode.BadInput,
                $"{labelsFile}: shape [{string.Join(", ", array.Shape)}], expected one label for each of the {codes.Images} images of {imagesFile}");
        }

        int classes = network.Layers[^1].Output.Elements;
        long[] labels = array.ToIntegers<long>();
        int bad = Array.FindIndex(labels, label => label < 0 || label >= classes);
        if (bad >= 0)
        {
            throw new CommandException(ExitCode.BadInput, $"{labelsFile}: label {labels[bad]} at index {bad}, allowed 0..{classes - 1}, the outputs of {network.Name}");
        }

        return new(codes.Codes, Array.ConvertAll(labels, label => (int)label), [.. Enumerable.Range(0, classes).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
    }
}
