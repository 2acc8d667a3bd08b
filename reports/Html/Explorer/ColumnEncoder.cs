// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text.Json;
using Reports.Tables;

namespace Reports.Html.Explorer;

/// <summary>
/// A column in few characters. Either a dictionary, <c>values</c> and one index per point (<c>codes</c>: bytes, 16-bit or 32-bit words), or every number in full (<c>numbers</c>: 64-bit floats,
/// or 32-bit integers where all are), whichever is shorter. Words are little-endian and in base64; an empty entry is NaN or an empty text, so it needs the dictionary or the floats.
/// </summary>
internal static class ColumnEncoder
{
    private const int BytesOfListedNumber = 12;

    /// <summary>Writes the members of the column's object.</summary>
    public static void Write(Utf8JsonWriter json, ExplorerColumn column)
    {
        bool text = column.Cells.Any(cell => cell.Text is not null);
        string[] machine = text || column.IsSetting ? [.. column.Cells.Select(NumberText.Machine)] : [];
        if (machine.Length > 0)
        {
            string[] values = [.. column.Cells.Zip(machine).DistinctBy(entry => entry.Second).OrderBy(entry => entry.First.Number).ThenBy(entry => text ? 0 : 1).Select(entry => entry.Second)];
            json.WriteBoolean("numeric", !text);
            WriteList(json, "values", values, json.WriteStringValue);
            WriteCodes(json, machine, values);
            if (column.Keys.Count > 0)
            {
                WriteList(json, "keys", column.Keys, json.WriteStringValue);
                WriteList(json, "texts", values, value => WriteItems(json, column.Texts.GetValueOrDefault(value) ?? [], json.WriteStringValue));
            }

            return;
        }

        json.WriteBoolean("numeric", true);
        double[] numbers = [.. column.Cells.Select(cell => cell.Number ?? double.NaN)];
        double[] distinct = [.. numbers.Distinct().Order()];
        bool whole = numbers.All(number => number == Math.Truncate(number) && Math.Abs(number) < int.MaxValue);
        int perCode = distinct.Length <= 1 << 8 ? 1 : distinct.Length <= 1 << 16 ? 2 : 4;
        if (((long)distinct.Length * BytesOfListedNumber) + ((long)numbers.Length * perCode) < (long)numbers.Length * (whole ? 4 : 8))
        {
            WriteList(json, "values", distinct, value => WriteNumber(json, value));
            WriteCodes(json, numbers, distinct);
        }
        else if (whole)
        {
            WriteWords(json, "numbers", "i32", Array.ConvertAll(numbers, number => (int)number));
        }
        else
        {
            WriteWords(json, "numbers", "f64", numbers);
        }

        if (column.Low.Count > 0)
        {
            WriteWords(json, "low", null, column.Low.ToArray());
            WriteWords(json, "high", null, column.High.ToArray());
        }
    }

    /// <summary>Rows as 32-bit words.</summary>
    public static void WriteRows(Utf8JsonWriter json, string name, IReadOnlyList<int> rows) => WriteWords(json, name, null, rows.ToArray());

    private static void WriteCodes<T>(Utf8JsonWriter json, T[] items, T[] values)
        where T : notnull
    {
        var index = new Dictionary<T, int>();
        for (int i = 0; i < values.Length; i++)
        {
            index.Add(values[i], i);
        }

        if (values.Length <= 1 << 8)
        {
            WriteWords(json, "codes", "u8", Array.ConvertAll(items, item => (byte)index[item]));
        }
        else if (values.Length <= 1 << 16)
        {
            WriteWords(json, "codes", "u16", Array.ConvertAll(items, item => (ushort)index[item]));
        }
        else
        {
            WriteWords(json, "codes", "i32", Array.ConvertAll(items, item => index[item]));
        }
    }

    private static void WriteWords<T>(Utf8JsonWriter json, string name, string? type, T[] words)
        where T : unmanaged
    {
        if (type is not null)
        {
            json.WriteString("type", type);
        }

        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("reports of sweeps are written on little-endian machines only");
        }

        json.WriteBase64String(name, MemoryMarshal.AsBytes(words.AsSpan()));
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WritePropertyName(name);
        WriteItems(json, items, write);
    }

    private static void WriteItems<T>(Utf8JsonWriter json, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
