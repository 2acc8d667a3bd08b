// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Area;
using RtlExport.Synthesis;
using RtlExport.Tests.Support;

namespace RtlExport.Tests.Synthesis;

/// <summary>The area model's list of modules against the hierarchy that the synthesiser elaborates from the RTL.</summary>
public sealed class ModuleHierarchyTests
{
    /// <summary>Every dataflow, with kinds of PE of different hierarchies.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(12)]
    public void The_modules_of_a_design_are_those_of_the_elaborated_RTL(int index) => AssertIsElaborated(CalibrationDesigns.Draw(77, index));

    /// <summary>Adders of offsets behind the activation and the factor buffer.</summary>
    [Fact]
    public void The_modules_of_a_design_with_offsets_of_operands_are_those_of_the_elaborated_RTL() =>
        AssertIsElaborated(OperandOffsetTests.Design(Dataflow.InputStationary, ProcessingElementKind.Multiply, 2, 8));

    private static void AssertIsElaborated(AcceleratorSpec spec)
    {
        using var folder = new TemporaryFolder();
        Elaboration elaborated = new Synthesizer(SynthesisTarget.Xc7, folder.Path).Elaborate(HardwareSources.Of(spec), "accelerator", CancellationToken.None);
        Assert.Equal(Lines(Instances(elaborated)), Lines(ModuleHierarchy.Of(spec).Select(use => (use.Module, use.Values.Own, use.Count))));
    }

    private static IEnumerable<(string Module, IReadOnlyDictionary<string, long> Parameters, long Count)> Instances(Elaboration design)
    {
        Dictionary<string, RtlilModule> modules = design.Modules.ToDictionary(module => module.Name);
        Dictionary<string, long> counts = [];
        void Visit(RtlilModule module, long count)
        {
            counts[module.Name] = counts.GetValueOrDefault(module.Name) + count;
            for (int i = 0; i < module.Children.Length; i++)
            {
                Visit(modules[module.Children[i]], count * module.Instances[i]);
            }
        }

        Visit(modules[$"\\{design.Top}"], 1);
        return counts.Select(module => (modules[module.Key].SourceName, (IReadOnlyDictionary<string, long>)modules[module.Key].Parameters, module.Value));
    }

    /// <summary>One line for each module and set of parameters that both sides know.</summary>
    private static string[] Lines(IEnumerable<(string Module, IReadOnlyDictionary<string, long> Parameters, long Count)> modules) =>
    [
        .. modules.GroupBy(module => $"{module.Module} {string.Join(' ', Known(module.Module, module.Parameters))}")
            .Select(group => $"{group.Key}: {group.Sum(module => module.Count)}").Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Known(string module, IReadOnlyDictionary<string, long> parameters) => module switch
    {
        "ram" => Of(parameters, "Width", "Depth"),
        "delay_line" => Of(parameters, "Width", "Stages"),
        "overflow_adder" => Of(parameters, "Width", "AddendWidth", "Saturate"),
        "line_buffer" => Of(parameters, "Lines", "LineWords", "WordWidth"),
        "element_buffer" => Of(parameters, "Size", "ReadElements"),
        "offset_adder" => Of(parameters, "Elements", "ElementWidth", "SumWidth"),
        "row_serializer" => Of(parameters, "Groups", "GroupWidth"),
        "processing_element" => Of(parameters, "StationaryWidth", "StreamedWidth", "PartialSumWidth"),
        "rounding_shift" => Of(parameters, "Rounding"),
        "codebook_table" => Of(parameters, "Elements", "IndexWidth", "ValueWidth"),
        _ when module.StartsWith("pe_", StringComparison.Ordinal) && module != "pe_datapath" => Of(parameters, "Lanes", "ProductWidth"),
        _ => [],
    };

    private static IEnumerable<string> Of(IReadOnlyDictionary<string, long> parameters, params string[] names) => names.Select(name => $"{name}={parameters[name]}");
}
