// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AccelModel.Simulation;
using AccelModel.Specification;
using RtlExport.Corners;
using RtlExport.Vectors;

namespace RtlExport.Formats;

/// <summary>Vectors as comma-separated decimal numbers; the first line has the names.</summary>
internal static class CsvFile
{
    /// <summary>A code per line with its place.</summary>
    public static string Of(VectorTensor tensor)
    {
        var text = new StringBuilder("image,row,column,channel,code" + CsvLine.End);
        int index = 0;
        for (int image = 0; image < tensor.Images; image++)
        {
            for (int row = 0; row < tensor.Spec.Height; row++)
            {
                for (int column = 0; column < tensor.Spec.Width; column++)
                {
                    for (int channel = 0; channel < tensor.Spec.Channels; channel++)
                    {
                        text.Append(CultureInfo.InvariantCulture, $"{image},{row},{column},{channel},{tensor.Codes[index++]}{CsvLine.End}");
                    }
                }
            }
        }

        return text.ToString();
    }

    /// <summary>A vector per line.</summary>
    public static string Of(VectorTable table)
    {
        var text = new StringBuilder(string.Join(',', table.Columns.Select(column => column.Name))).Append(CsvLine.End);
        foreach (long[] row in table.Rows)
        {
            text.AppendJoin(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture))).Append(CsvLine.End);
        }

        return text.ToString();
    }

    /// <summary>An instruction per line with the cycles of its events.</summary>
    public static string Of(TimingResult timing)
    {
        var text = new StringBuilder("unit,instruction,layer,fetch,start,end,completion" + CsvLine.End);
        foreach (TimelineEvent e in timing.Timeline)
        {
            text.Append(CultureInfo.InvariantCulture, $"{BenchVectors.UnitNames[(int)e.Unit]},{e.Index},{e.Layer},{e.Fetch},{e.Start},{e.End},{e.Completion}{CsvLine.End}");
        }

        return text.ToString();
    }
}
