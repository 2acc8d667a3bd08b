// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Corners;
using RtlExport.Formats;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Are the vectors in every format the same numbers, and does what reads the format read them?</summary>
public sealed class FormatTests(FormatTests.Export export) : IClassFixture<FormatTests.Export>
{
    /// <summary>A bundle with all of it.</summary>
    public sealed class Export : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Export()
        {
            Bundle = _folder.At("rtl");
            RtlBundle.Write(Small.Schedule, Small.Timing, Small.Vectors, Bundles.Configuration, Bundle, 0, new() { Corners = true, Formats = [.. Enum.GetValues<VectorFormat>()] });
        }

        internal static Sample Small { get; } = Sample.Of(Designs.Reference with { Vector = Designs.Reference.Vector with { Elementwise = true } }, Sample.ConvNetwork(RoundingMode.HalfUp));

        public string Bundle { get; }

        public string Read(string name) => File.ReadAllText(Path.Combine(Bundle, name));

        public void Dispose() => _folder.Dispose();
    }

    [Fact]
    public void Numpy_arrays_hold_every_tensor_by_image_row_column_and_channel()
    {
        RtlVectors vectors = Export.Small.Vectors;
        (string type, int[] shape, byte[] data) = Npy("input");
        Assert.Equal(("|u1", "2,6,6,2"), (type, string.Join(',', shape)));
        Assert.Equal(vectors.Input, data.Select(code => (int)code));

        for (int layer = 0; layer < vectors.LayerOutputs.Length; layer++)
        {
            FixedPointFormat format = Export.Small.Schedule.Layers[layer].Output.Tensor.Format;
            (type, _, data) = Npy(string.Create(CultureInfo.InvariantCulture, $"layer_{layer:000}"));
            Assert.Equal(format.Signed ? "|i1" : "|u1", type);
            Assert.Equal(vectors.LayerOutputs[layer], data.Select(code => format.Signed ? (sbyte)code : (int)code));
        }
    }

    /// <summary>Word by word: the bits of the memory image are the columns of the CSV file and of the NumPy array, lowest first, with the widths of the page.</summary>
    [Theory]
    [InlineData("rounding", "value:64 shift:6 half_away:1 half_up:1 random:32 rounded_floor:64 rounded_half_up:64 rounded_half_away:64 rounded_half_even:64 rounded_toward_zero:64 rounded_stochastic:64")]
    [InlineData("partial_sum_adder", "augend:9 addend:9 saturated:9 wrapped:9")]
    [InlineData("accumulator_adder", "augend:14 addend:14 saturated:14 wrapped:14")]
    [InlineData("product", "activation_0:5 weight_0:4 negative:1 augend:9 sum:9")]
    [InlineData("post_requantizer", "value:32 post:1 multiplier:16 shift:6 zero_point:9 minimum:9 maximum:9 half_away:1 code:9")]
    [InlineData("requantizer", "source:14 bias:14 multiplier:16 shift:6 zero_point:24 minimum:24 maximum:24 sign_output:1 post_multiplier:16 post_shift:6 post_zero_point:9 post_minimum:9 post_maximum:9 post_half_away:1 term:24")]
    public void A_modules_vectors_are_the_same_in_every_format(string module, string layout)
    {
        (string Name, int Width)[] fields = [.. layout.Split(' ').Select(field => (field.Split(':')[0], int.Parse(field.Split(':')[1], CultureInfo.InvariantCulture)))];
        string[] csv = Lines(export.Read($"vectors/csv/{module}.csv"));
        string[] memh = Lines(export.Read($"vectors/{module}.memh"));
        (string type, int[] shape, byte[] data) = Npy(module);
        using JsonDocument columns = JsonDocument.Parse(export.Read("vectors/npy/columns.json"));

        Assert.Equal(string.Join(',', fields.Select(field => field.Name)), csv[0]);
        Assert.Equal(fields.Select(field => field.Name), columns.RootElement.GetProperty(module).EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(("<i8", memh.Length - 1, fields.Length), (type, shape[0], shape[1]));
        Assert.Equal(memh.Length, csv.Length);
        for (int row = 1; row < csv.Length; row++)
        {
            BigInteger word = BigInteger.Parse("0" + memh[row], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string[] values = csv[row].Split(',');
            for (int field = 0; field < fields.Length; field++)
            {
                BigInteger mask = (BigInteger.One << fields[field].Width) - 1;
                Assert.Equal(word & mask, BigInteger.Parse(values[field], CultureInfo.InvariantCulture) & mask);
                Assert.Equal(long.Parse(values[field], CultureInfo.InvariantCulture), BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(8 * (((row - 1) * fields.Length) + field))));
                word >>= fields[field].Width;
            }

            Assert.Equal(BigInteger.Zero, word);
        }
    }

    [Fact]
    public void Comma_separated_tensors_have_a_line_for_each_code_and_its_place()
    {
        string[] lines = Lines(export.Read("vectors/csv/layer_000.csv"));
        Assert.Equal("image,row,column,channel,code", lines[0]);
        int[][] rows = [.. lines.Skip(1).Select(line => line.Split(',').Select(value => int.Parse(value, CultureInfo.InvariantCulture)).ToArray())];
        var tensor = Export.Small.Schedule.Layers[0].Output.Tensor;
        Assert.Equal(Export.Small.Vectors.LayerOutputs[0].Length, rows.Length);
        foreach (int[] row in rows)
        {
            Assert.Equal(Export.Small.Vectors.LayerOutputs[0][(((((row[0] * tensor.Height) + row[1]) * tensor.Width) + row[2]) * tensor.Channels) + row[3]], row[4]);
        }

        Assert.Equal(Export.Small.Timing.Timeline.Length, Lines(export.Read("vectors/csv/timeline.csv")).Length - 1);
    }

    /// <summary>With all warnings as errors; the program reads every array, and prints what the memory images hold.</summary>
    [Fact]
    public void The_C_headers_compile_and_hold_the_same_numbers()
    {
        const string program = """
            #include <stdio.h>
            #include <string.h>
            #include "accel_params.h"
            #include "vectors/c/vectors.h"
            #include "vectors/c/modules.h"
            #include "vectors/c/programs.h"
            int main(void) {
              unsigned i, j;
              long long sum = 0;
              if (strcmp(ACCEL_VECTORS_CONFIGURATION_SHA256, ACCEL_CONFIGURATION_SHA256) || strcmp(ACCEL_MODULES_HARDWARE_SHA256, ACCEL_HARDWARE_SHA256)) return 1;
              for (i = 0; i < sizeof accel_layer_001 / sizeof accel_layer_001[0][0][0][0]; i++) sum = 31 * sum % 1000003 + (&accel_layer_001[0][0][0][0])[i];
              printf("%d %lld %u\n", ACCEL_VECTOR_IMAGES, sum, (unsigned)(sizeof accel_input));
              for (i = 0; i < ACCEL_VECTOR_ROUNDING_COUNT; i++) if (accel_rounding[i][ACCEL_VECTOR_ROUNDING_VALUE] == INT64_MIN) break;
              printf("%u %lld\n", (unsigned)ACCEL_VECTOR_ROUNDING_COUNT, (long long)accel_rounding[i][ACCEL_VECTOR_ROUNDING_ROUNDED_HALF_EVEN]);
              for (i = 0; i < ACCEL_PROGRAM_VECTOR_INSTRUCTIONS; i++) {
                for (j = sizeof accel_program_vector[0] / sizeof accel_program_vector[0][0]; j-- > 0;) printf("%08x", (unsigned)accel_program_vector[i][j]);
                printf("\n");
              }
              for (i = 0; i < sizeof accel_memory; i++) sum = (31 * sum + accel_memory[i]) % 1000003;
              printf("%lld %d %u %d %d %d\n", sum, accel_initial_semaphores[9], (unsigned)sizeof accel_initial_semaphores, ACCEL_INPUT_ADDRESS, ACCEL_OUTPUT_BYTES, ACCEL_LOAD_PROLOGUE);
              (void)accel_layer_000; (void)accel_requantizer; (void)accel_product; (void)accel_partial_sum_adder; (void)accel_accumulator_adder; (void)accel_post_requantizer;
              (void)accel_program_load; (void)accel_program_array; (void)accel_program_store;
              return 0;
            }
            """;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("main.c"), program);
        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("gcc", "gcc"), ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-I", export.Bundle, "-o", "main", "main.c"], folder.Path, TimeSpan.FromMinutes(2));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        ToolRun run = ExternalTool.Run(folder.At("main"), [], folder.Path, TimeSpan.FromMinutes(1));
        Assert.True(run.ExitCode == 0, run.Output);
        string[] lines = Lines(run.Output);

        long sum = Export.Small.Vectors.LayerOutputs[1].Aggregate(0L, (s, code) => (31 * s % 1000003) + code);
        Assert.Equal($"2 {sum} {Export.Small.Vectors.Input.Length}", lines[0]);
        Assert.Equal($"{Lines(export.Read("vectors/rounding.memh")).Length - 1} {long.MinValue}", lines[1]);
        string[] vector = [.. Lines(export.Read("vectors/program_vector.memh")).Skip(1)];
        Assert.Equal(vector, lines[2..(2 + vector.Length)].Select(line => line[^vector[0].Length..]));
        foreach (byte value in Export.Small.Schedule.Memory.Bytes)
        {
            sum = ((31 * sum) + value) % 1000003;
        }

        int wordBytes = Designs.Reference.Memory.BytesPerCycle;
        var schedule = Export.Small.Schedule;
        Assert.Equal(
            $"{sum} {schedule.InitialSemaphores[9]} 17 {schedule.Input.RegionAddress * wordBytes} {schedule.Output.RegionWords * wordBytes} {schedule.LoadPrologue}", lines[2 + vector.Length]);
    }

    /// <summary>PG058: comments from a semicolon to the end of the line; a radix of 2, 10 or 16; then a value for each address, commas between them and a semicolon at the end.</summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("input")]
    [InlineData("program_load")]
    [InlineData("program_array")]
    [InlineData("program_vector")]
    [InlineData("program_store")]
    public void A_coe_file_is_one(string name)
    {
        string text = export.Read($"vectors/coe/{name}.coe");
        Assert.StartsWith("; configuration_sha256 " + Bundles.Configuration, text, StringComparison.Ordinal);
        string statements = Regex.Replace(text, @"(?m)^;.*\n", "");
        Match file = Regex.Match(statements, @"\Amemory_initialization_radix=16;\nmemory_initialization_vector=\n((?:[0-9a-f]+,\n)*[0-9a-f]+);\n\z");
        Assert.True(file.Success, statements);
        Assert.Equal(Lines(export.Read($"vectors/{name}.memh")).Skip(1), file.Groups[1].Value.Split(",\n"));
    }

    [Theory]
    [InlineData("vectors/csv/layer_001.csv")]
    [InlineData("vectors/npy/rounding.npy")]
    [InlineData("vectors/c/programs.h")]
    [InlineData("vectors/coe/memory.coe")]
    [InlineData("vectors/product.memh")]
    [InlineData("vectors/corner_00_layer_000.memh")]
    [InlineData("coverage.json")]
    public void The_verifier_names_a_file_that_was_edited_or_is_missing(string name)
    {
        string path = Path.Combine(export.Bundle, name);
        byte[] original = File.ReadAllBytes(path);
        File.AppendAllText(path, "\n");
        Assert.Contains(name + " was edited", Assert.Throws<BundleException>(() => RtlVerifier.Verify(export.Bundle, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(name + " is missing", Assert.Throws<BundleException>(() => RtlVerifier.Verify(export.Bundle, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, original);
    }

    /// <summary>Without the verifier: the bundle's own script runs everything, and the bench says which file stops it.</summary>
    [Fact]
    public void The_bench_itself_runs_all_vectors_and_says_which_file_stops_it()
    {
        ToolRun run = Bundles.RunScript(export.Bundle, "run_icarus.sh");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(2 + BundleManifest.Read(export.Bundle).Corners.Length, Regex.Count(run.Output, @"(?m)^PASS \d+$"));
        Assert.All(ModuleVectors.Names, name => Assert.Matches($@"(?m)^RESULT {name} vectors=\d+ mismatches=0$", run.Output));

        string foreign = string.Concat(Enumerable.Repeat("f", 64));
        foreach ((string name, string argument, Func<string, string?> change, string message) in new (string, string, Func<string, string?>, string)[]
        {
            ("vectors/rounding.memh", "+images=1", text => text[..^2] + (text[^2] == '0' ? "1\n" : "0\n"), "rounding.memh was edited"),
            ("vectors/product.memh", "+images=1", _ => null, "cannot open vectors/product.memh"),
            ("vectors/accumulator_adder.memh", "+images=1", text => text.Replace(Bundles.Configuration, foreign, StringComparison.Ordinal), $"accumulator_adder.memh belongs to configuration {foreign}, expected {Bundles.Configuration}"),
            ("vectors/bench.memh", "+images=0", text => text, "+images=0, allowed 1 or more"),
            ("vectors/corner_01_layer_000.memh", "+corner=1", text => text[..^2] + (text[^2] == '0' ? "1\n" : "0\n"), "corner_01_layer_000.memh was edited"),
            ("vectors/corner_01_memory.memh", "+corner=1", _ => null, "cannot open vectors/corner_01_memory.memh"),
        })
        {
            string path = Path.Combine(export.Bundle, name), original = File.ReadAllText(path);
            File.Delete(path);
            if (change(original) is string changed)
            {
                File.WriteAllText(path, changed);
            }

            run = Bundles.RunScript(export.Bundle, "run_icarus.sh", argument);
            File.WriteAllText(path, original);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(message, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("PASS", run.Output, StringComparison.Ordinal);
        }
    }

    private (string Type, int[] Shape, byte[] Data) Npy(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(export.Bundle, $"vectors/npy/{name}.npy"));
        Assert.Equal("\u0093NUMPY\u0001\0", Encoding.Latin1.GetString(bytes, 0, 8));
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Match head = Regex.Match(Encoding.Latin1.GetString(bytes, 10, length), @"^\{'descr': '(.*)', 'fortran_order': False, 'shape': \((.*)\), \} *\n$");
        Assert.True(head.Success && (10 + length) % 64 == 0);
        return (head.Groups[1].Value, [.. head.Groups[2].Value.Split(", ").Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))], bytes[(10 + length)..]);
    }

    private static string[] Lines(string text) => text.Split([CsvLine.End, "\n"], StringSplitOptions.RemoveEmptyEntries);
}
