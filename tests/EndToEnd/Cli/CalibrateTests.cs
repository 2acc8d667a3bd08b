// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AccelModel.Costs;
using EndToEnd.House;
using RtlExport.Area;
using RtlExport.Synthesis;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>
/// <c>codesign calibrate</c> on designs whose modules have been synthesised before, so that it has nothing to synthesise: the cache is given netlists with numbers of cells that follow from a module's hash
/// alone, which no model knows.
/// </summary>
public sealed class CalibrateTests : IDisposable
{
    private const string Top = "accelerator";

    /// <summary>Of the draw for checks, with small arrays: a shift_add with stationary weights and an xnor_popcount with stationary outputs. No design of the technology file.</summary>
    private const int First = 151, Second = 156;

    private static readonly SynthesisTarget Target = SynthesisTarget.Xc7;

    private readonly Workspace _place = new();
    private readonly Synthesizer _synthesizer;
    private readonly SynthesisCache _cache;

    public CalibrateTests()
    {
        _synthesizer = new(Target, _place.PathOf("cache/synthesis"));
        _cache = new(_place.PathOf("cache/synthesis"), Target, _synthesizer.Tool);
        File.Copy(Repository.PathOf($"configs/technologies/{Target.Name}.json"), _place.PathOf("t.json"));
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Check_compares_designs_that_are_not_fitted_and_with_keep_they_join_the_table()
    {
        AreaTechnology before = Read();
        ValidationPoint second = Checked(Second), first = Checked(First);

        Assert.Equal(before.Designs + 1, Calibrate("--check", "--keep", "--first", Number(Second), "--designs", "1").GetProperty("designs").GetInt32());
        AssertHas(before, [.. before.Validation, second]);

        // The lower number comes before; a design that is checked again is there once.
        Calibrate("--check", "--keep", "--first", Number(First), "--designs", "1");
        Calibrate("--check", "--keep", "--first", Number(Second), "--designs", "1");
        AssertHas(before, [.. before.Validation, first, second]);

        Calibrate("--check", "--first", Number(First), "--designs", "1");
        AssertHas(before, [first]);
    }

    /// <summary>A number means another design of another seed: the table would have figures of designs that were never synthesised.</summary>
    [Theory]
    [InlineData("--check")]
    [InlineData("--cached")]
    public void Designs_of_another_seed_do_not_join_the_table(string mode)
    {
        string text = _place.Read("t.json");
        Assert.StartsWith("--seed: found 2, allowed 1", Assert.Single(Run(mode, "--keep", "--seed", "2", "--designs", "0").Ended(2).Findings));
        Assert.Equal(text, _place.Read("t.json"));
    }

    [Theory]
    [InlineData("""{"Module": "lfsr"}""")]
    [InlineData("module,lut")]
    public void A_line_that_is_no_measured_module_is_named(string line)
    {
        string text = _place.Read("t.json");
        _place.Write("modules.jsonl", line + "\n");
        Assert.Equal("modules.jsonl:1:1: no measured module, allowed lines that calibrate --modules wrote", Assert.Single(Run("--from", "modules.jsonl").Ended(2).Findings));
        Assert.Equal(text, _place.Read("t.json"));
    }

    [Fact]
    public void A_name_that_no_module_has_measures_nothing_and_is_refused()
    {
        string text = _place.Read("t.json");
        Assert.StartsWith("--only: unknown name, found 'requantiser' (did you mean 'requantizer'?), allowed accelerator, ", Assert.Single(Run("--designs", "0", "--only", "requantiser").Ended(2).Findings));
        Assert.Equal(text, _place.Read("t.json"));
    }

    /// <summary>Of designs 5 and 6, and of no other, the modules that the model fits and the grid has not, and the requantisers, of which the lanes of a design are one; nothing is compared.</summary>
    [Fact]
    public void Units_are_modules_of_designs_that_are_not_synthesised_as_a_whole()
    {
        Elaboration[] designs = [Keep(5), Keep(6), Keep(7)];
        string[] names = ["requantizer", "rounding_shift", "store_unit", "load_unit"];
        Assert.All(designs, design => Assert.All(names, name => Assert.Contains(design.Modules, module => module.SourceName == name)));

        JsonElement result = Calibrate(["--designs", "0", "--first", "5", "--units", "2", "--cached", "--modules", "modules.jsonl", "--only", .. names]);

        MeasuredModule[] units = [.. MeasuredModule.ReadAll(_place.PathOf("modules.jsonl")).Where(module => module.Design is not null)];
        Assert.Equal(
            from name in (string[])["load_unit", "requantizer", "store_unit"] from index in (int[])[5, 6] select (name, index),
            units.Select(unit => (unit.Module, unit.Design!.Value)).Order());
        foreach (MeasuredModule unit in units)
        {
            RtlilModule[] variants = [.. designs[unit.Design!.Value - 5].Modules.Where(module => module.SourceName == unit.Module)];
            Assert.Contains(unit.Cost, variants.Select(module => Netlist(module).Cost(Target)));
        }

        AreaTechnology technology = Read();
        Assert.Equal((0, 0), (technology.Designs, result.GetProperty("designs").GetInt32()));
        Assert.Empty(technology.Validation);
        Assert.Equal(units.Count(unit => unit.Module == "store_unit"), technology.Modules.Where(module => module.Key.StartsWith("store_unit/", StringComparison.Ordinal)).Sum(module => module.Value.Points));
        Assert.DoesNotContain(technology.Modules.Keys, key => key.StartsWith("vector_unit/", StringComparison.Ordinal));
    }

    /// <summary>Keeps a netlist for each module of a drawn design; the design as Yosys elaborates it.</summary>
    private Elaboration Keep(int index)
    {
        Elaboration design = _synthesizer.Elaborate(HardwareSources.Of(CalibrationDesigns.Draw(1, index)), Top, CancellationToken.None);
        foreach (RtlilModule module in design.Modules)
        {
            _cache.Keep(module, Netlist(module));
        }

        return design;
    }

    /// <summary>Cells by digits of the module's hash; inverters occupy nothing.</summary>
    private static ModuleNetlist Netlist(RtlilModule module)
    {
        long Digit(int place) => long.Parse(module.Hash.AsSpan(place, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new(
            ImmutableSortedDictionary<string, long>.Empty.Add("LUT6", 1 + Digit(0)).Add("FDRE", Digit(1)).Add("DSP48E1", Digit(2)).Add("RAMB18E1", Digit(3)).Add("INV", 7), module.Instances);
    }

    /// <summary>What the table is to have of a design: its cells, instance by instance, and what the model of the technology file says.</summary>
    private ValidationPoint Checked(int index)
    {
        Dictionary<string, RtlilModule> modules = Keep(index).Modules.ToDictionary(module => module.Name);
        long[] Cells(RtlilModule module)
        {
            CellCost own = Netlist(module).Cost(Target);
            IEnumerable<long[]> below = module.Children.Zip(module.Instances, (child, count) => Cells(modules[child]).Select(cells => cells * count).ToArray());
            return below.Aggregate([own.Lut, own.FlipFlops, own.Dsp, own.BlockRam], (long[] sum, long[] child) => [.. sum.Zip(child, (a, b) => a + b)]);
        }

        FpgaResources model = new StructuralAreaModel(Read()).Total(CalibrationDesigns.Draw(1, index));
        return new(index, "", [.. Cells(modules["\\" + Top])], [(long)model.Lut, (long)model.FlipFlops, (long)model.Dsp, (long)model.BlockRam]);
    }

    /// <summary>The technology file has these designs, the errors of them, and the coefficients that it had.</summary>
    private void AssertHas(AreaTechnology before, ValidationPoint[] points)
    {
        AreaTechnology now = Read();
        ValidationPoint[] expected = [.. points.OrderBy(point => point.Index)];
        Assert.Equal(expected.Select(Figures), now.Validation.Select(Figures));
        Assert.Equal((expected.Length, expected.Max(point => Math.Abs(point.Model[1] - point.Measured[1]) / (double)point.Measured[1])), (now.Designs, now.Error.FfWorst));
        Assert.Equal(JsonSerializer.Serialize(before.Modules), JsonSerializer.Serialize(now.Modules));

        static string Figures(ValidationPoint point) => $"{Number(point.Index)}: {string.Join(' ', point.Measured)} | {string.Join(' ', point.Model)}";
    }

    private AreaTechnology Read() => AreaTechnology.Read(_place.PathOf("t.json"));

    private JsonElement Calibrate(params string[] arguments) => Run(arguments).Succeeded().Json;

    private CommandResult Run(params string[] arguments) =>
        Codesign.Run(_place, [("CODESIGN_CACHE", _place.PathOf("cache"))], ["calibrate", "--target", Target.Name, "--out", "t.json", "--json", .. arguments]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
