// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>Reads images and labels from two <c>.npy</c> files.</summary>
    /// <exception cref="CommandException">Their shapes do not fit the network or each other, or a code is outside its format.</exception>
    public static TestSet Load(string imagesFile, string labelsFile, TensorSpec input)
    {
        NpyArray images = NpyFile.Load(imagesFile);
        NpyArray labels = NpyFile.Load(labelsFile);
        int[] codes = InputCodes.Check(images, imagesFile, input);
        int count = codes.Length / input.Elements;
        if (labels.Shape.Length != 1 || labels.Shape[0] != count)
        {
            throw new CommandException(ExitCode.BadInput,
                $"{labelsFile}: shape [{string.Join(", ", labels.Shape)}], expected one label for each of the {count} images of {imagesFile}");
        }

        return new(codes, [.. labels.ToIntegers<long>().Select(label => (int)label)], [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
    }
}

/// <summary>Checks arrays of input codes.</summary>
public static class InputCodes
{
    /// <summary>The codes of an array of shape <c>[..., height, width, channels]</c> (a last channel of 1 may be left out).</summary>
    /// <exception cref="CommandException">Shape or a code does not fit <paramref name="input"/>.</exception>
    public static int[] Check(NpyArray array, string file, TensorSpec input)
    {
        long[] shape = [.. array.Shape.Select(extent => (long)extent)];
        bool fits = EndsWith(shape, [input.Height, input.Width, input.Channels])
            || (input.Channels == 1 && EndsWith(shape, [input.Height, input.Width]))
            || EndsWith(shape, [input.Elements]);
        long total = shape.Aggregate(1L, (product, extent) => product * extent);
        if (!fits || total == 0 || total % input.Elements != 0)
        {
            throw new CommandException(ExitCode.BadInput,
                $"{file}: shape [{string.Join(", ", shape)}], expected [images, {input.Height}, {input.Width}, {input.Channels}]");
        }

        long[] codes = array.ToIntegers<long>();
        int bad = Array.FindIndex(codes, code => code < input.Format.MinRaw || code > input.Format.MaxRaw);
        if (bad >= 0)
        {
            throw new CommandException(ExitCode.BadInput,
                $"{file}: code {codes[bad]} at index {bad}, allowed {input.Format.MinRaw}..{input.Format.MaxRaw} ({input.Format})");
        }

        return Array.ConvertAll(codes, code => (int)code);
    }

    private static bool EndsWith(long[] shape, long[] end) => shape.Length >= end.Length && shape[^end.Length..].SequenceEqual(end);
}
