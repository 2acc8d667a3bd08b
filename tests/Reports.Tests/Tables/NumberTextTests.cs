// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Tables;

public class NumberTextTests
{
    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(1, "1.000")]
    [InlineData(-1.23456, "-1.235")]
    [InlineData(12.3456, "12.35")]
    [InlineData(123.456, "123.5")]
    [InlineData(1234.56, "1,235")]
    [InlineData(123456.7, "123,457")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(0.0000123456, "1.235e-05")]
    [InlineData(1234567890.0, "1.235e+09")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void People_read_four_significant_digits(double value, string text) => Assert.Equal(text, NumberText.Human(value));

    [Theory]
    [InlineData(150, "150")]
    [InlineData(-12000, "-12,000")]
    [InlineData(36.5, "36.50")]
    [InlineData(double.NaN, "–")]
    public void A_number_alone_has_no_empty_decimals(double value, string text) => Assert.Equal(text, NumberText.Brief(value));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(-1000, "-1,000")]
    [InlineData(long.MaxValue, "9,223,372,036,854,775,807")]
    public void People_read_whole_numbers_in_full(long value, string text) => Assert.Equal(text, NumberText.Human(value));

    [Theory]
    [InlineData(1, "100.00")]
    [InlineData(0.98536, "98.54")]
    [InlineData(0, "0.00")]
    public void Fractions_are_read_as_percentages(double fraction, string text) => Assert.Equal(text, NumberText.Percent(fraction));
}
