// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.CommandLine;
using Cli.Experiments;

namespace Cli.Sweeps.Units;

/// <summary>What waits for what: all units of a phase may run at once.</summary>
public enum UnitPhase
{
    /// <summary>Float phases that several recipes begin with.</summary>
    Float,

    /// <summary>Recipes.</summary>
    Training,

    /// <summary>Points.</summary>
    Points,

    /// <summary>Tables, figures and report, and whatever no unit finished.</summary>
    Merge,
}

/// <summary>Work for one task of a cluster: some trainings, or a slice of the points. Doing it twice, or twice at once, changes nothing.</summary>
/// <param name="Unit">Its number, from 0.</param>
/// <param name="Phase">What waits for it.</param>
/// <param name="First">The first point of a slice, from 0.</param>
/// <param name="Count">How many points the slice has.</param>
/// <param name="Points">Coordinates of a point for each training, and of the points of a slice where a strategy chose them by what came of others.</param>
public sealed record SweepUnit(int Unit, UnitPhase Phase, long First, long Count, ImmutableArray<ImmutableArray<int>> Points)
{
    /// <summary>Epochs of the quantised phase after which trainings halt; null for all.</summary>
    public int? Epochs { get; init; }
}

/// <summary>Cuts work into units.</summary>
public static class SweepUnits
{
    /// <summary>Numbers of tasks stay below 1,000, which is as many as Slurm takes where nobody set MaxArraySize.</summary>
    private const int MostFloat = 200;
    private const int MostTrainings = 500;
    private const int MostSlices = 256;

    /// <summary>A slice of points without values is worth the start of a process, and one with values, too.</summary>
    private const int LeastTimedPoints = 1_024;
    private const int LeastPoints = 4;

    /// <summary>Units of points whose values are not computed; each slice is a whole number of chunks.</summary>
    public static IReadOnlyList<SweepUnit> OfPoints(long points, int chunk)
    {
        long each = Math.Max(LeastTimedPoints, (points + MostSlices - 1) / MostSlices);
        return Slices(points, (each + chunk - 1) / chunk * chunk, 0);
    }

    /// <summary>Units of points with values.</summary>
    /// <param name="floats">A point for each float phase.</param>
    /// <param name="recipes">A point for each recipe.</param>
    /// <param name="points">How many points there are.</param>
    public static IReadOnlyList<SweepUnit> Of(IReadOnlyList<GridPoint> floats, IReadOnlyList<GridPoint> recipes, long points)
    {
        List<SweepUnit> units = [];
        foreach ((UnitPhase phase, IReadOnlyList<GridPoint> trainings, int most) in new[] { (UnitPhase.Float, floats, MostFloat), (UnitPhase.Training, recipes, MostTrainings) })
        {
            int each = Math.Max(1, (trainings.Count + most - 1) / most);
            units.AddRange(trainings.Chunk(each).Select((some, i) => new SweepUnit(units.Count + i, phase, 0, 0, [.. some.Select(point => point.Coordinates)])).ToArray());
        }

        units.AddRange(Slices(points, Math.Max(LeastPoints, (points + MostSlices - 1) / MostSlices), units.Count));
        return units;
    }

    /// <summary>Writes units, one JSON object a line.</summary>
    public static void Write(string path, IReadOnlyList<SweepUnit> units) => AtomicFile.Write(path, string.Concat(units.Select(unit => WorkerLine.Of(unit) + "\n")));

    /// <summary>The units of a file.</summary>
    /// <exception cref="CommandException">There is none, or it is none.</exception>
    public static IReadOnlyList<SweepUnit> Read(string path)
    {
        try
        {
            return [.. File.ReadAllLines(path).Select(WorkerLine.Read<SweepUnit>)];
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or IOException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: no units, found that {exception.Message}", exception);
        }
    }

    private static List<SweepUnit> Slices(long points, long each, int number)
    {
        List<SweepUnit> units = [];
        for (long first = 0; first < points; first += each)
        {
            units.Add(new(number + units.Count, UnitPhase.Points, first, Math.Min(each, points - first), []));
        }

        return units;
    }
}
