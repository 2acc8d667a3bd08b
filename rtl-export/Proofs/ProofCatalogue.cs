// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace RtlExport.Proofs;

/// <summary>Everything that is proved about the modules.</summary>
public static class ProofCatalogue
{
    private static readonly string[] Products = ["pe_multiply", "pe_dsp_packed", "pe_xnor_popcount", "pe_ternary_add", "pe_shift_add"];

    /// <summary>All proofs, the quick ones first.</summary>
    public static ImmutableArray<Proof> All { get; } =
    [
        .. Enum.GetValues<RoundingMode>().Select(mode => New($"rounding_{EnumNames.Of(mode)}", "rounding_property", 2, ["rounding_shift"], ("Rounding", (int)mode))),
        New("addition_saturate", "overflow_property", 2, ["overflow_adder"], ("Saturate", 1)),
        New("addition_wrap", "overflow_property", 2, ["overflow_adder"], ("Saturate", 0)),
        Product(ProcessingElementKind.Multiply, activation: 4, weight: 3),
        Product(ProcessingElementKind.Multiply, activation: 4, weight: 3, signed: 0),
        Product(ProcessingElementKind.DspPacked, activation: 3, weight: 3),
        Product(ProcessingElementKind.DspPacked, activation: 3, weight: 3, signed: 0),
        Product(ProcessingElementKind.XnorPopcount, activation: 2, weight: 1, lanes: 4),
        Product(ProcessingElementKind.TernaryAdd, activation: 5, weight: 2),
        Product(ProcessingElementKind.ShiftAdd, activation: 3, weight: 3),
        Product(ProcessingElementKind.ShiftAdd, activation: 3, weight: 6, terms: 2, lanes: 1),

        // Stochastic rounding is proved in rounding_shift, and its random words are those of the model in every vector.
        .. Enum.GetValues<RoundingMode>().Where(mode => mode != RoundingMode.Stochastic).Select(mode =>
            New($"requantizer_{EnumNames.Of(mode)}", "requantizer_property", 6, ["requantizer", "rounding_shift", "delay_line", "lfsr"], ("Rounding", (int)mode))),
        New("requantizer_double_rounding", "requantizer_property", 6, ["requantizer", "rounding_shift", "delay_line", "lfsr"], ("Rounding", (int)RoundingMode.Floor), ("DoubleRounding", 1)),
        New("requantizer_thresholds", "requantizer_property", 6, ["requantizer", "rounding_shift", "delay_line", "lfsr"], ("Rounding", (int)RoundingMode.HalfUp), ("ThresholdLevels", 2)),
        New("delay_lines", "delay_property", 12, ["delay_line", "control_line"], ("Stages", 4)),
        New("delay_lines_of_one_stage", "delay_property", 8, ["delay_line", "control_line"], ("Stages", 1)),
        New("semaphores", "semaphore_property", 10, ["semaphore_file"]),
        New("memory_port", "port_property", 10, ["dma_engine"], ("BurstBeats", 3)),
        New("product_bit_serial", "bit_serial_property", 6, ["pe_bit_serial"]),
        New("tokens_between_units", "handshake_property", 34, ["unit_sequencer", "semaphore_file"], ("Length", 2), ("Slots", 1), ("MostRun", 2), ("Bound", 32)),
        New("tokens_between_units_of_two_slots", "handshake_property", 34, ["unit_sequencer", "semaphore_file"], ("Length", 2), ("Slots", 2), ("MostRun", 2), ("Bound", 32)),
    ];

    private static Proof Product(ProcessingElementKind kind, int activation, int weight, int signed = 1, int terms = 1, int lanes = 2) => New(
        $"product_{EnumNames.Of(kind)}{(signed == 0 ? "_unsigned" : "")}{(terms > 1 ? "_of_two_terms" : "")}", "product_property", 2, Products,
        ("Kind", (int)kind), ("Lanes", lanes), ("ActivationWidth", activation), ("ActivationSigned", signed), ("WeightWidth", weight), ("WeightTerms", terms));

    private static Proof New(string name, string property, int cycles, string[] modules, params (string, int)[] parameters) => new(name, property, cycles, [.. modules], [.. parameters]);
}
