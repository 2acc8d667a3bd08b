// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;

namespace NnTrain.Layers;

/// <summary>A part of a network that a recipe quantises.</summary>
public interface IQuantizedPart
{
    /// <summary>Whether it computes with quantised numbers.</summary>
    bool Quantized { get; set; }

    /// <summary>What quantises its tensors, in a fixed order; none for a recipe in floating point only.</summary>
    IEnumerable<Quantizer> Quantizers { get; }

    /// <summary>How far the quantised phase is; called before each of its steps.</summary>
    /// <param name="time">Epochs since its start, with fractions.</param>
    /// <param name="epochs">Epochs of it.</param>
    void MoveTo(double time, int epochs);

    /// <summary>Brings parameters back into their domain after a step of the optimizer.</summary>
    void Constrain();
}
