// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>The tables and examples of docs/arithmetic.md are true.</summary>
public sealed class DocumentedArithmeticTests
{
    [Fact]
    public void The_table_of_ties_is_what_the_modes_give()
    {
        string[] header = Rows("| value | x |").First();
        int checkedCells = 0;
        foreach (string[] row in Rows("| value | x |").Skip(2))
        {
            long value = Number(row[0]);
            Assert.Equal(value / 8.0, double.Parse(row[1], CultureInfo.InvariantCulture));
            for (int column = 2; column < header.Length; column++)
            {
                Assert.True(EnumNames.TryParse(header[column], out RoundingMode mode));
                Assert.Equal(Number(row[column]), Rounding.ShiftRight(mode, value, 3));
                checkedCells++;
            }
        }
        Assert.Equal(14 * 5, checkedCells);
    }

    [Fact]
    public void Every_mode_has_its_row()
    {
        Assert.Equal(EnumNames.All<RoundingMode>(), Rows("| here | definition |").Skip(2).Select(row => row[0].Trim('`')));
        Assert.Equal(EnumNames.All<OverflowMode>(), Rows("| here | result |").Skip(2).Select(row => row[0].Trim('`')));
    }

    [Fact]
    public void The_examples_of_overflow_are_true()
    {
        Assert.Equal(127, Overflow.Add(OverflowMode.Saturate, 100, 50, 8, out _));
        Assert.Equal(-106, Overflow.Add(OverflowMode.Wrap, 100, 50, 8, out _));
        Assert.Equal(-128, Overflow.Add(OverflowMode.Saturate, -100, -50, 8, out _));
        Assert.Equal(106, Overflow.Add(OverflowMode.Wrap, -100, -50, 8, out _));
        Assert.Equal(77, Overflow.Add(OverflowMode.Saturate, 127, -50, 8, out _));
    }

    [Fact]
    public void The_examples_of_stochastic_rounding_are_true()
    {
        Assert.Equal(2, Rounding.ShiftRight(RoundingMode.Stochastic, 20, 3, 0x1234_5678));
        Assert.Equal(3, Rounding.ShiftRight(RoundingMode.Stochastic, 20, 3, 0x8103_4564));
        Lfsr lane = Lfsr.ForLane(0);
        string words = string.Join(' ', Enumerable.Range(0, 5).Select(_ => lane.Next().ToString("x8", CultureInfo.InvariantCulture)));
        Assert.Contains($"`{words}`", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_formats_of_the_first_table_have_the_widths_it_gives()
    {
        foreach (string[] row in Rows("| name | values | bits |").Skip(2))
        {
            NumberGrid grid = NumberGrid.Parse(row[0].Trim('`'));
            Assert.StartsWith(grid.CodeWidth.ToString(CultureInfo.InvariantCulture), row[2], StringComparison.Ordinal);
        }
    }

    private static long Number(string cell) => long.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>The cells of the table whose header begins as given: header, rule, rows.</summary>
    private static IEnumerable<string[]> Rows(string header) =>
        Page().Split('\n')
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string Page([CallerFilePath] string thisFile = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../docs/arithmetic.md"));
}
