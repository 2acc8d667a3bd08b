// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace RtlExport.Area;

/// <summary>The modules of <c>array_unit</c>.</summary>
internal static class ArrayModules
{
    public static void Add(DesignModules design)
    {
        var dataflow = (Dataflow)design["ArrayDataflow"];
        long rows = design["ArrayRows"], columns = design["ArrayColumns"];
        design.Add("array_unit");
        design.Add("matmul_sequencer");
        design.Add("table_sequencer");
        design.Add("segment_loop");
        design.Add("pixel_loop", 1, ("Marks", dataflow == Dataflow.WeightStationary ? 0 : 1));
        design.Add(dataflow == Dataflow.OutputStationary ? "output_sequencer" : "operand_sequencer");
        design.Add("place_counter");
        design.Add("operand_select");
        if (design["ArrayOperandOffsets"] == 1)
        {
            long element = design["RequantizerElementWidth"];
            design.Add("offset_adder", 1, ("Elements", design["ActivationReadElements"]), ("ElementWidth", element), ("SumWidth", design["ActivationCodeWidth"]));
            design.Add("offset_adder", 1, ("Elements", design["WeightLineElements"]), ("ElementWidth", element), ("SumWidth", design["WeightValueWidth"]));
        }

        if ((ProcessingElementKind)design["ArrayProcessingElement"] == ProcessingElementKind.Codebook)
        {
            design.Add(
                "codebook_table", 1, ("Elements", design["WeightLineElements"]), ("IndexWidth", design["ArrayWeightWidth"]), ("ValueWidth", design["ArrayCodebookValueWidth"]),
                ("Lines", design["CodebookLines"]), ("LineWidth", design["WeightLineWidth"]));
        }

        // As array_unit.sv has it.
        long delay = rows + columns - (dataflow == Dataflow.OutputStationary ? 2 : 1), lane = design["ColumnIndexWidth"];
        design.ControlLine(3, delay);
        design.DelayLine(design["AccumulatorAddressWidth"] + lane + lane + 1 + design["DigitShiftWidth"] + 1, delay);
        if (dataflow == Dataflow.OutputStationary)
        {
            StationaryOutputs(design, rows, columns);
        }
        else
        {
            StationaryOperand(design, rows, columns, dataflow == Dataflow.InputStationary);
        }

        Datapath(design, rows * columns, dataflow);
        Accumulators(design, columns, dataflow == Dataflow.InputStationary);
    }

    private static void StationaryOperand(DesignModules design, long rows, long columns, bool inputStationary)
    {
        long lanes = design["ArrayLanes"], operand = design["OperandWidth"], weight = design["WeightValueWidth"];
        long stationary = lanes * (inputStationary ? operand : weight), streamed = lanes * (inputStationary ? weight : operand);
        design.Add("stationary_operand_array");
        for (long row = 0; row < rows; row++)
        {
            design.DelayLine(design["PlaceWidth"] + 2 + 2 + streamed, row);
        }

        for (long part = 0; part < (inputStationary ? rows : columns); part++)
        {
            design.DelayLine(stationary + 1, part);
        }

        for (long column = 0; column < columns; column++)
        {
            design.DelayLine(design["ArrayPartialSumWidth"], columns - 1 - column);
            if (design["ArrayColumnFilter"] == 1)
            {
                design.DelayLine(operand, column);
            }
        }

        design.Add(
            "processing_element", rows * columns, ("StationaryWidth", stationary), ("StreamedWidth", streamed), ("InputStationary", inputStationary ? 1 : 0),
            ("PartialSumWidth", design["ArrayPartialSumWidth"]));
    }

    private static void StationaryOutputs(DesignModules design, long rows, long columns)
    {
        long lanes = design["ArrayLanes"], group = lanes * design["OperandWidth"], line = lanes * design["WeightValueWidth"];
        design.Add("stationary_output_array");
        design.Add("row_serializer", rows, ("Groups", rows), ("GroupWidth", group));
        for (long column = 0; column < columns; column++)
        {
            design.DelayLine(line, column);
            design.DelayLine(design["ArrayPartialSumWidth"], columns - 1 - column);
        }

        bool bitSerial = (ProcessingElementKind)design["ArrayProcessingElement"] == ProcessingElementKind.BitSerial;
        design.Add(
            "accumulating_element", rows * columns, ("Lanes", lanes), ("OperandWidth", bitSerial ? 1 : design["OperandWidth"]), ("WeightWidth", design["WeightValueWidth"]), ("PartialSumWidth", design["ArrayPartialSumWidth"]));
    }

    /// <summary>The arithmetic of every element: the product, and its addition.</summary>
    private static void Datapath(DesignModules design, long elements, Dataflow dataflow)
    {
        var kind = (ProcessingElementKind)design["ArrayProcessingElement"];
        long activation = design["ArrayActivationWidth"], weight = design["WeightValueWidth"], lanes = design["ArrayLanes"], terms = design["ArrayWeightTerms"];

        (string module, long product) = ProductOf(kind, lanes, activation, weight, terms);
        design.Add(
            module, elements, ("Lanes", lanes), ("ActivationWidth", activation), ("ActivationSigned", design["ArrayActivationSigned"]), ("WeightWidth", weight), ("WeightTerms", terms),
            ("ProductWidth", product));
        design.Add("pe_datapath", elements);
        design.OverflowAdder(design["ArrayPartialSumWidth"], product, design["ArrayOverflow"] == 0, elements);
    }

    /// <summary>The module of a kind's product, and the bits of what it gives, as pe_datapath.sv has it.</summary>
    public static (string Module, long Width) ProductOf(ProcessingElementKind kind, long lanes, long activation, long weight, long terms)
    {
        long range = kind switch
        {
            ProcessingElementKind.TernaryAdd => 1,
            ProcessingElementKind.ShiftAdd => (1L << (int)(weight / terms - 1)) - 2 + terms,
            _ => weight,
        };
        long laneBits = ModuleModels.Log2(lanes);
        string module = kind switch
        {
            ProcessingElementKind.DspPacked => "pe_dsp_packed",
            ProcessingElementKind.XnorPopcount => "pe_xnor_popcount",
            ProcessingElementKind.TernaryAdd => "pe_ternary_add",
            ProcessingElementKind.ShiftAdd => "pe_shift_add",
            ProcessingElementKind.BitSerial => "pe_bit_serial",
            _ => "pe_multiply",
        };
        return (module, kind == ProcessingElementKind.XnorPopcount ? 2 + laneBits : activation + 1 + range + laneBits);
    }

    private static void Accumulators(DesignModules design, long columns, bool transposed)
    {
        long width = design["AccumulatorWidth"], words = design["BuffersAccumulatorSize"];
        design.OverflowAdder(width, design["ArrayPartialSumWidth"] + design["DigitShiftMax"], design["AccumulatorOverflow"] == 0, columns);
        if (transposed)
        {
            design.Add("transposed_accumulator_buffer");
            design.Ram(width, words, 2 * columns);
        }
        else
        {
            design.Add("accumulator_buffer");
            design.Ram(columns * width, words, 2);
        }
    }
}
