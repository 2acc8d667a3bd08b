// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AccelModel.Networks;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Allocates external memory region by region, in whole memory words; constants are packed when the image's bytes are asked for.</summary>
internal sealed class MemoryLayout(AcceleratorSpec accelerator)
{
    private readonly List<(int Word, Action<Span<byte>> Pack)> _constants = [];
    private readonly int _wordBytes = accelerator.Memory.BytesPerCycle;

    /// <summary>Memory words allocated so far.</summary>
    public int Words { get; private set; }

    /// <summary>A tensor, packed without gaps; zero before the first inference.</summary>
    public FeatureMap AddFeatureMap(TensorSpec tensor)
    {
        int address = Words;
        Words = checked(Words + (int)(((long)tensor.Elements * accelerator.ElementBytes + _wordBytes - 1) / _wordBytes));
        return new()
        {
            Tensor = tensor,
            RegionAddress = address,
            RegionWords = Words - address,
            Origin = checked(address * accelerator.ElementsPerWord),
            RowPitch = tensor.Width * tensor.Channels,
            PixelPitch = tensor.Channels,
        };
    }

    /// <summary>Lines of <paramref name="wordsPerLine"/> memory words each; <paramref name="pack"/> writes their bytes, which start at zero. Returns the first word.</summary>
    public int AddLines(int lines, int wordsPerLine, Action<Span<byte>> pack)
    {
        int address = Words;
        Words = checked(Words + lines * wordsPerLine);
        _constants.Add((address, pack));
        return address;
    }

    public MemoryImage Build()
    {
        int words = Words, wordBytes = _wordBytes;
        (int Word, Action<Span<byte>> Pack)[] constants = [.. _constants];
        return new(words, () =>
        {
            byte[] bytes = new byte[checked(words * wordBytes)];
            foreach ((int word, Action<Span<byte>> pack) in constants)
            {
                pack(bytes.AsSpan(word * wordBytes));
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(bytes);
        });
    }
}
