// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Reports.Tables;

namespace Cli.Experiments;

/// <summary>Writes <c>simulation/</c>: docs/run-folder.md describes each file.</summary>
public static class SimulationFiles
{
    /// <summary>Writes <c>layers.csv</c>, <c>timeline.json</c> and <c>summary.json</c>.</summary>
    public static void Write(string directory, RunSummary summary, Schedule schedule)
    {
        AtomicFile.Write(Path.Combine(directory, "layers.csv"), CsvTable.Format(Layers(summary)));
        AtomicFile.Write(Path.Combine(directory, "timeline.json"), Timeline(schedule));
        AtomicFile.Write(Path.Combine(directory, "summary.json"), (summary with { OutputDirectory = "" }).ToJson() + "\n");
    }

    /// <summary>One row per layer, every figure of the summary in a column.</summary>
    public static Table Layers(RunSummary summary)
    {
        string[] causes = [.. summary.Layers.SelectMany(layer => layer.StallCycles.Keys).Distinct()];
        List<TableColumn<LayerSummary>> columns =
        [
            new("layer", "", layer => layer.Name),
            new("kind", "", layer => layer.Kind),
            new("macs", "", layer => layer.Macs),
            new("cycles", "", layer => layer.Cycles),
            new("utilization", "", layer => layer.Utilization, NumberStyle.Percent),
        ];
        columns.AddRange(causes.Select(cause => new TableColumn<LayerSummary>(cause, "cycles", layer => layer.StallCycles.GetValueOrDefault(cause))));
        columns.Add(new("dram read", "bytes", layer => layer.DramReadBytes));
        columns.Add(new("dram write", "bytes", layer => layer.DramWriteBytes));
        columns.Add(new("energy", "nJ", layer => Math.Round(layer.EnergyNj.Values.Sum(), 3)));
        string[] components = [.. summary.Layers.SelectMany(layer => layer.EnergyNj.Keys).Distinct()];
        columns.AddRange(components.Select(component => new TableColumn<LayerSummary>(
            $"energy {component.Replace('_', ' ')}", "nJ", layer => Math.Round(layer.EnergyNj.GetValueOrDefault(component), 3))));
        columns.Add(new("arithmetic intensity", "MACs/byte", layer => Math.Round(layer.ArithmeticIntensity, 3)));
        columns.Add(new("roofline bound", "", layer => layer.RooflineBound));
        columns.Add(new("type bound", "bits", layer => layer.Widths?.TypeBoundBits));
        columns.Add(new("weight bound", "bits", layer => layer.Widths?.WeightBoundBits));
        columns.Add(new("observed partial sum", "bits", layer => layer.Widths?.ObservedPartialSumBits));
        columns.Add(new("observed accumulator", "bits", layer => layer.Widths?.ObservedAccumulatorBits));
        columns.Add(new("overflows", "", layer => layer.Overflows));
        return Table.Of(summary.Layers, columns);
    }

    /// <summary>The first inference in the trace event format of Chrome and Perfetto; one microsecond of the viewer is one cycle.</summary>
    public static string Timeline(Schedule schedule)
    {
        TimingResult timing = FastEngine.Account(schedule);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = false }))
        {
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ns");
            json.WriteStartArray("traceEvents");
            foreach (UnitKind unit in Enum.GetValues<UnitKind>())
            {
                json.WriteStartObject();
                json.WriteString("ph", "M");
                json.WriteString("name", "thread_name");
                json.WriteNumber("pid", 0);
                json.WriteNumber("tid", (int)unit);
                json.WriteStartObject("args");
                json.WriteString("name", EnumNames.Of(unit));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            foreach ((TimelineEvent item, UnitCycles cycles) in timing.Timeline.Zip(timing.Instructions))
            {
                json.WriteStartObject();
                json.WriteString("ph", "X");
                json.WriteString("name", schedule.Network.Layers[item.Layer].Name);
                json.WriteString("cat", EnumNames.Of(item.Unit));
                json.WriteNumber("pid", 0);
                json.WriteNumber("tid", (int)item.Unit);
                json.WriteNumber("ts", item.Start);
                json.WriteNumber("dur", item.End - item.Start + 1);
                json.WriteStartObject("args");
                json.WriteNumber("index", item.Index);
                json.WriteNumber("fetch", item.Fetch);
                json.WriteNumber("completion", item.Completion);
                foreach ((string name, long count) in CycleAccounts.Of(cycles))
                {
                    json.WriteNumber(name, count);
                }

                json.WriteNumber("commit", item.Completion - item.End);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
