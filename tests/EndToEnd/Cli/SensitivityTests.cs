// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign sensitivity</c>.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class SensitivityTests(TrainedRun run)
{
    [Fact]
    public void It_measures_every_tensor_and_adds_figures_to_the_report()
    {
        using var place = Workspace.WithData();
        place.Copy($"../{Path.GetFileName(run.Place.Root)}/run", "run");
        int before = place.FilesBelow("run/figures").Count();

        JsonElement found = Codesign.Run(place, "sensitivity", "run", "--widths", "4,2", "--images", "60", "--json").Succeeded().Json;

        Assert.Equal((8, 60), (found.GetProperty("other_bits").GetInt32(), found.GetProperty("images").GetInt32()));
        JsonElement[] points = [.. found.GetProperty("points").EnumerateArray()];
        Assert.Equal([2, 4], points.Select(point => point.GetProperty("bits").GetInt32()).Distinct().Order());
        Assert.All(points, point => Assert.InRange(point.GetProperty("accuracy").GetDouble(), 0, 1));
        string[] lines = place.Read("run/simulation/sensitivity.csv").Trim().Split("\r\n");
        Assert.Equal(points.Length, lines.Length - 1);
        Assert.Equal(points[0].GetProperty("accuracy").GetDouble(), double.Parse(lines[1].Split(',')[3], CultureInfo.InvariantCulture), 12);
        Assert.Equal(before + 6, place.FilesBelow("run/figures").Count()); // two figures as SVG, PNG and values
        Assert.Contains("Sensitivity to the weights", place.Read("run/report.html"));
        Assert.Empty(run.Place.Read("run/report.html").Split("Sensitivity").Skip(1));
    }

    [Theory]
    [InlineData("1,4")]
    [InlineData("8")]
    [InlineData("4,4")]
    [InlineData("four")]
    public void Widths_that_cannot_be_are_named(string widths)
    {
        CommandResult result = Codesign.Run(run.Place, "sensitivity", "run", "--widths", widths);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--widths: found", result.Error);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_named()
    {
        using var place = new Workspace();

        CommandResult result = Codesign.Run(place, "sensitivity", "nothing");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no such file", result.Error);
    }
}
