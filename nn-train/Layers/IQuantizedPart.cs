// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Layers;

/// <summary>A part of a network that a recipe quantises.</summary>
public interface IQuantizedPart
{
    /// <summary>Whether it computes with quantised numbers.</summary>
    bool Quantized { get; set; }

    /// <summary>How far the quantised phase is; called before each of its steps.</summary>
    /// <param name="time">Epochs since its start, with fractions.</param>
    /// <param name="epochs">Epochs of it.</param>
    void MoveTo(double time, int epochs);

    /// <summary>Brings parameters back into their domain after a step of the optimizer.</summary>
    void Constrain();
}
