// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Allocates external memory region by region, in whole memory words, and holds its initial content.</summary>
internal sealed class MemoryLayout(AcceleratorSpec accelerator)
{
    private readonly List<byte> _bytes = [];
    private readonly int _wordBytes = accelerator.Memory.BytesPerCycle;

    /// <summary>Memory words allocated so far.</summary>
    public int Words => _bytes.Count / _wordBytes;

    /// <summary>A feature map with the given border and pitch, filled with <paramref name="fill"/> throughout.</summary>
    public FeatureMap AddFeatureMap(TensorSpec tensor, Padding border, int pixelPitch, int fill)
    {
        int rowPitch = checked((tensor.Width + border.Left + border.Right) * pixelPitch);
        int elements = checked((tensor.Height + border.Top + border.Bottom) * rowPitch);
        int address = Words;
        int elementBytes = accelerator.ElementBytes;
        for (int element = 0; element < elements; element++)
        {
            for (int i = 0; i < elementBytes; i++)
            {
                _bytes.Add((byte)(fill >> (8 * i)));
            }
        }

        FillWord();
        return new()
        {
            Tensor = tensor,
            RegionAddress = address,
            RegionWords = Words - address,
            Origin = address * accelerator.ElementsPerWord + border.Top * rowPitch + border.Left * pixelPitch,
            RowPitch = rowPitch,
            PixelPitch = pixelPitch,
        };
    }

    /// <summary>One buffer line, filled up to whole memory words; returns its first word.</summary>
    public int AddLine(BitWriter line)
    {
        int address = Words;
        _bytes.AddRange(line.ToBytes());
        FillWord();
        return address;
    }

    public MemoryImage Build() => new(Words, [.. _bytes]);

    private void FillWord()
    {
        while (_bytes.Count % _wordBytes != 0)
        {
            _bytes.Add(0);
        }
    }
}
