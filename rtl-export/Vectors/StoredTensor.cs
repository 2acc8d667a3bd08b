// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace RtlExport.Vectors;

/// <summary>Where a layer's output lies in memory, as the manifest says it, so that a stored word can be given its row, column and channel.</summary>
/// <param name="Map">Shape, format and place.</param>
/// <param name="ElementBytes">Bytes of an element.</param>
/// <param name="WordElements">Elements of a memory word.</param>
public sealed record StoredTensor(FeatureMap Map, int ElementBytes, int WordElements)
{
    private const string Tensors = "tensors";

    /// <summary>Row, column and channel of the code at an element address; null where the tensor has none.</summary>
    public (int Row, int Column, int Channel)? PlaceOf(long element)
    {
        for (int y = 0; y < Map.Tensor.Height; y++)
        {
            for (int x = 0; x < Map.Tensor.Width; x++)
            {
                for (int c = 0; c < Map.Tensor.Channels; c++)
                {
                    if (Map.Element(y, x, c) == element)
                    {
                        return (y, x, c);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The code in the bits of an element.</summary>
    public long Code(long bits)
    {
        int unused = 64 - (8 * ElementBytes);
        return Map.Tensor.Format.Signed ? bits << unused >> unused : bits;
    }

    internal static void Write(Utf8JsonWriter json, Schedule schedule)
    {
        json.WriteStartArray(Tensors);
        foreach (FeatureMap map in schedule.Layers.Select(layer => layer.Output))
        {
            json.WriteStartObject();
            json.WriteString("shape", $"{map.Tensor.Height}x{map.Tensor.Width}x{map.Tensor.Channels}");
            json.WriteBoolean("signed", map.Tensor.Format.Signed);
            json.WriteNumber("bits", map.Tensor.Format.Width);
            json.WriteNumber("element_bytes", schedule.Accelerator.ElementBytes);
            json.WriteNumber("word_elements", schedule.Accelerator.ElementsPerWord);
            json.WriteNumber("origin", map.Origin);
            json.WriteNumber("row_pitch", map.RowPitch);
            json.WriteNumber("pixel_pitch", map.PixelPitch);
            if (map.ShuffleGroups > 1)
            {
                json.WriteNumber("shuffle_groups", map.ShuffleGroups);
                json.WriteNumber("shuffle_offset", map.ShuffleOffset);
                json.WriteNumber("shuffle_channels", map.ShuffleChannels);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static StoredTensor Read(JsonElement json)
    {
        int[] shape = [.. json.GetProperty("shape").GetString()!.Split('x').Select(int.Parse)];
        bool shuffled = json.TryGetProperty("shuffle_groups", out JsonElement groups);
        return new(
            new()
            {
                Tensor = new(shape[0], shape[1], shape[2], new FixedPointFormat(json.GetProperty("signed").GetBoolean(), json.GetProperty("bits").GetInt32(), 0)),
                RegionAddress = 0,
                RegionWords = 0,
                Origin = json.GetProperty("origin").GetInt32(),
                RowPitch = json.GetProperty("row_pitch").GetInt32(),
                PixelPitch = json.GetProperty("pixel_pitch").GetInt32(),
                ShuffleGroups = shuffled ? groups.GetInt32() : 1,
                ShuffleOffset = shuffled ? json.GetProperty("shuffle_offset").GetInt32() : 0,
                ShuffleChannels = shuffled ? json.GetProperty("shuffle_channels").GetInt32() : 0,
            },
            json.GetProperty("element_bytes").GetInt32(),
            json.GetProperty("word_elements").GetInt32());
    }
}
