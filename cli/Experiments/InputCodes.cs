// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using Cli.CommandLine;

namespace Cli.Experiments;

/// <summary>Input codes of any number of images.</summary>
/// <param name="Codes">Images, rows, columns, channels.</param>
/// <param name="Leading">The dimensions before an image's; their product is the number of images, one where there are none.</param>
public sealed record InputCodes(int[] Codes, ImmutableArray<int> Leading)
{
    /// <summary>Images.</summary>
    public int Images => Leading.Aggregate(1, (product, extent) => product * extent);

    /// <summary>
    /// The codes of a file of shape <c>[..., height, width, channels]</c>; a last dimension of one channel may be left out, and an image may be one dimension of
    /// all its elements.
    /// </summary>
    /// <exception cref="NpyException">The file is missing or damaged.</exception>
    /// <exception cref="CommandException">Type, shape or a code does not fit <paramref name="input"/>.</exception>
    public static InputCodes Load(string file, TensorSpec input)
    {
        NpyArray array = NpyFile.Load(file);
        IntegerArray.Require(array, file);
        if (ImageDimensions(array.Shape, input) is not int dimensions || array.Shape.Contains(0))
        {
            throw new CommandException(ExitCode.BadInput,
                $"{file}: shape [{string.Join(", ", array.Shape)}], expected [images, {input.Height}, {input.Width}, {input.Channels}]");
        }

        long[] codes = array.ToIntegers<long>();
        int bad = Array.FindIndex(codes, code => code < input.Format.MinRaw || code > input.Format.MaxRaw);
        if (bad >= 0)
        {
            throw new CommandException(ExitCode.BadInput,
                $"{file}: code {codes[bad]} at index {bad}, allowed {input.Format.MinRaw}..{input.Format.MaxRaw} ({input.Format})");
        }

        return new(Array.ConvertAll(codes, code => (int)code), array.Shape[..^dimensions]);
    }

    /// <summary>Codes of which each is as likely as the others: <see cref="SplitMix"/> of <paramref name="seed"/> and "input", image after image.</summary>
    public static InputCodes Random(ulong seed, int images, TensorSpec input)
    {
        var random = new SplitMix(seed, IntegerNetwork.InputName);
        int[] codes = new int[checked(images * input.Elements)];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = random.Between((int)input.Format.MinRaw, (int)input.Format.MaxRaw);
        }

        return new(codes, [images]);
    }

    /// <summary>How many of the last dimensions are one image; null where they are none.</summary>
    private static int? ImageDimensions(ImmutableArray<int> shape, TensorSpec input)
    {
        bool EndsWith(params ReadOnlySpan<int> image) => shape.Length >= image.Length && shape.AsSpan()[^image.Length..].SequenceEqual(image);
        return EndsWith(input.Height, input.Width, input.Channels) ? 3
            : input.Channels == 1 && EndsWith(input.Height, input.Width) ? 2
            : EndsWith(input.Elements) ? 1
            : null;
    }
}

/// <summary>Arrays of whole numbers.</summary>
internal static class IntegerArray
{
    /// <summary>Refuses an array of anything else.</summary>
    /// <exception cref="CommandException">The elements are floating-point numbers.</exception>
    public static void Require(NpyArray array, string file)
    {
        if (array.Type == NpyType.Float32)
        {
            throw new CommandException(ExitCode.BadInput, $"{file}: elements of type {array.Type.Descriptor()}, expected integers");
        }
    }
}
